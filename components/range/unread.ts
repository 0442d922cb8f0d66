import { timeOf } from "./time-text";
import { COMPARISONS, isPercentile, MOST_PERCENTILES, USUAL_PERCENTILES, type Comparison, type View } from "./view";

/** Something in an address that cannot be meant, what is shown instead, and how the address would say that. */
export interface Unread {
  text: string;
  instead: Partial<View>;
}

type Search = { get(name: string): string | null };

/** A moment far ahead, to compare relative times by. */
const SOME_TIME = 8e14;

/** What of a page's address was passed over because it says nothing that can be read. */
export function unreadOf(search: Search): Unread[] {
  return [...rangeProblems(search), ...comparisonProblem(search), ...percentileProblem(search)];
}

function rangeProblems(search: Search): Unread[] {
  const [from, to] = [search.get("from") ?? "now-1h", search.get("to") ?? "now"];
  const [fromMs, toMs] = [timeOf(from, SOME_TIME), timeOf(to, SOME_TIME)];
  const problems: Unread[] = [];
  if (Number.isNaN(fromMs))
    problems.push({
      text: `from: ${quoted(from)} is no time. The range begins an hour ago.`,
      instead: { from: "now-1h" },
    });
  if (Number.isNaN(toMs))
    problems.push({ text: `to: ${quoted(to)} is no time. The range ends now.`, instead: { to: "now" } });
  if (problems.length > 0 || fromMs < toMs) return problems;
  const text = `from is not before to (${from}, ${to}). The last hour is shown.`;
  return [{ text, instead: { from: "now-1h", to: "now" } }];
}

function comparisonProblem(search: Search): Unread[] {
  const compare = search.get("compare");
  if (compare === null || COMPARISONS.includes(compare as Comparison)) return [];
  const text = `compare: ${quoted(compare)} is none of ${COMPARISONS.join(", ")}. It is compared with the period before.`;
  return [{ text, instead: { compare: "before" } }];
}

function percentileProblem(search: Search): Unread[] {
  const given = search.get("percentiles")?.split(",") ?? [];
  const good = given.filter(isPercentile);
  const kept = good.slice(0, MOST_PERCENTILES).map(Number);
  const instead = { percentiles: kept.length > 0 ? kept : USUAL_PERCENTILES };
  const bad = given.find((one) => !isPercentile(one));
  if (bad !== undefined)
    return [{ text: `percentiles: ${quoted(bad)} is no number above 0 up to 100. It is left out.`, instead }];
  if (good.length <= MOST_PERCENTILES) return [];
  return [
    { text: `percentiles: there are more than ${MOST_PERCENTILES}. The first ${MOST_PERCENTILES} are shown.`, instead },
  ];
}

const quoted = (text: string): string => `“${text.length > 40 ? `${text.slice(0, 39)}…` : text}”`;
