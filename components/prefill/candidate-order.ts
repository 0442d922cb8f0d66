import type { PrefillCandidate } from "@/lib/query/prefill-answers";

/** What the list of users can be sorted by. */
export const ORDERS = {
  user: (row: PrefillCandidate) => row.user,
  definition: (row: PrefillCandidate) => row.definition,
  value: (row: PrefillCandidate) => row.value,
  visits: (row: PrefillCandidate) => row.visitsPerDay,
  miss: (row: PrefillCandidate) => row.missP95Us,
  cost: (row: PrefillCandidate) => row.fillCostUs,
  last: (row: PrefillCandidate) => row.last && Date.parse(row.last.at),
} as const;
export type Order = keyof typeof ORDERS;

export interface Sorting {
  by: Order;
  descending: boolean;
}

const MOST_VALUE: Sorting = { by: "value", descending: true };
const WORDS = new Set<Order>(["user", "definition"]);

/** Sorting as the address writes it: `-value` = the highest first. */
export function readSorting(text: string): Sorting {
  const by = text.replace(/^-/, "");
  return Object.hasOwn(ORDERS, by) ? { by: by as Order, descending: text.startsWith("-") } : MOST_VALUE;
}

export const writeSorting = ({ by, descending }: Sorting): string => `${descending ? "-" : ""}${by}`;

/** The sorting after a press on a column: words from a, figures from the highest; pressed again, the other way. */
export function sortingAfter(before: Sorting, by: Order): Sorting {
  return { by, descending: before.by === by ? !before.descending : !WORDS.has(by) };
}

/** What is missing stands last, either way. */
export function sorted(rows: readonly PrefillCandidate[], { by, descending }: Sorting): PrefillCandidate[] {
  const of = ORDERS[by];
  const sign = descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [one, other] = [of(a), of(b)];
    if (one === null || other === null) return (one === null ? 1 : 0) - (other === null ? 1 : 0);
    if (typeof one === "number" && typeof other === "number") return sign * (one - other);
    return sign * String(one).localeCompare(String(other), "en", { numeric: true });
  });
}

/** Rows of a definition (empty: of all) that hold every word of a search in user or definition. */
export function found(rows: readonly PrefillCandidate[], definition: string, text: string): PrefillCandidate[] {
  const words = text.trim().toLowerCase().split(/\s+/);
  return rows.filter((row) => {
    if (definition !== "" && row.definition !== definition) return false;
    const names = `${row.user} ${row.definition}`.toLowerCase();
    return words.every((word) => names.includes(word));
  });
}

/** What became of the last decision about somebody, in a word or two. */
export function lastText({ arm, fill, visit }: NonNullable<PrefillCandidate["last"]>): string {
  if (arm === "withheld") return "withheld";
  if (arm === "held_out") return "never filled";
  if (arm === "observe") return visit === null ? "observed" : "observed, came";
  if (visit === "hit") return "used";
  if (visit !== null) return visit === "miss" ? "missed" : visit;
  return fill === "filled" || fill === "warm" ? "waiting" : (fill ?? "under way");
}
