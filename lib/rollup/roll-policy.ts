import { ENDPOINT_TIERS, TOTALS, USER_TIERS, type WindowTable } from "../store/tiers.ts";

/** One table on its way to the next. */
export interface RollStep {
  readonly holds: "endpoints" | "users";
  readonly tier: WindowTable;
  /** Absent for the last table: there, parts are only made one. */
  readonly next: WindowTable | undefined;
  /** Number of the table, for its locks. */
  readonly number: number;
  /** Parts that wait until there are so many, unless the span has settled. */
  readonly mostParts: number;
}

/** After the end of a span, its batches have so long to arrive before it counts as settled, seconds. */
const SETTLING_SECONDS = 30;

/**
 * Rolling up rewrites the row of a whole span, so it waits for some parts; a reader adds up what waits, so they must not
 * become many. Each tier hands on one part for about eight, which keeps both small. A minute of users ends soon and is
 * wide: it is rolled up once, when it has settled.
 */
const MOST_PARTS = 8;
const MOST_PARTS_OF_A_MINUTE = 64;

/** Behind the last tier of endpoints, what was ever counted is added up. */
const ENDPOINT_TABLES: readonly WindowTable[] = [...ENDPOINT_TIERS, TOTALS];

/** The tables in the order in which they are rolled up. */
export const ROLL_STEPS: readonly RollStep[] = [
  ...ENDPOINT_TABLES.map((tier, place, tiers) => stepOf("endpoints", tier, { place, tiers })),
  ...USER_TIERS.map((tier, place, tiers: readonly WindowTable[]) => stepOf("users", tier, { place, tiers })),
];

function stepOf(
  holds: RollStep["holds"],
  tier: WindowTable,
  { place, tiers }: { place: number; tiers: readonly WindowTable[] },
): RollStep {
  const mostParts = holds === "users" && place === 0 ? MOST_PARTS_OF_A_MINUTE : MOST_PARTS;
  return { holds, tier, next: tiers[place + 1], number: (holds === "users" ? 10 : 0) + place, mostParts };
}

/** Which groups of a table to roll up now. */
export function policyOf({ mostParts }: RollStep, nowMs: number): { mostParts: number; settledMs: number } {
  return { mostParts, settledMs: nowMs - SETTLING_SECONDS * 1000 };
}
