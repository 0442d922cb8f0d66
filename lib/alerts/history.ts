import type { HistoryStretch } from "../store/history.ts";
import type { WindowRule } from "./evaluate.ts";
import type { Evaluation } from "./evaluation.ts";
import type { RuleOf } from "./rule.ts";
import type { About } from "./subject.ts";

type SeenRule = WindowRule | RuleOf<"user">;

const DAY_SECONDS = 86_400;
const WEEK_SECONDS = 7 * DAY_SECONDS;

/**
 * History that was imported is no news: a rule does not judge a stretch in which there is some, since nothing happened there but the
 * import. That holds for what a rule compares with, too.
 */
export function unlessHistory(
  evaluation: Evaluation,
  { rule, about, atMs }: { rule: SeenRule; about: About; atMs: number },
  history: readonly HistoryStretch[],
): Evaluation {
  const own = history.find(
    ({ service, environment }) => service === about.service && environment === about.environment,
  );
  if (own === undefined) return evaluation;
  const overlaps = ([fromSeconds, toSeconds]: [number, number]) =>
    own.fromMs < atMs - toSeconds * 1_000 && own.toMs > atMs - fromSeconds * 1_000;
  if (!stretchesOf(rule).some(overlaps)) return evaluation;
  return { ...evaluation, verdict: "could_not_ask", why: "history was imported into the stretch that it looks at" };
}

/**
 * What a rule looks at, as seconds before the evaluation: from, to. Of a burn rate that is its short stretch: without a breach there, what
 * the long one holds tells nothing.
 */
function stretchesOf(rule: SeenRule): [number, number][] {
  if (rule.kind === "burn_rate") return rule.pairs.map(({ shortSeconds }) => [shortSeconds, 0]);
  const { windowSeconds } = rule;
  if (rule.kind === "silence") return [[Math.max(windowSeconds, DAY_SECONDS), 0]]; // who was alive lately is missed
  const weekBefore: [number, number] = [windowSeconds + WEEK_SECONDS, WEEK_SECONDS];
  return rule.kind === "traffic" ? [[windowSeconds, 0], weekBefore] : [[windowSeconds, 0]];
}
