import { stoppedQueries } from "../../query/stopped-queries.ts";
import type { Db } from "../../store/db.ts";
import { SETTLING_MS } from "../../query/closed.ts";
import { evaluateStopped } from "../evaluate-stopped.ts";
import { unlessBlind } from "../judge.ts";
import { askOf, scopeIdOf } from "../judge-stopped.ts";
import type { RuleOf } from "../rule.ts";
import { subjectsOf } from "../subject.ts";
import type { Past, PastContext } from "./past.ts";
import { stretchOf } from "./stretch.ts";

/** Endpoints that one back-test looks at: those of a pattern may be a thousand. */
const MOST_SUBJECTS = 20;
const NOTES = [
  "What guards stopped is counted as they have told it by now; some of it may have come later than the rule would have looked.",
];

/** What a rule about stopped queries would have said: by ten seconds over one day, else by the minute. */
export async function pastOfStopped(
  db: Db,
  rule: RuleOf<"stopped_queries">,
  { catalog, days, nowMs, blind }: PastContext,
): Promise<Past> {
  const wish = { days, nowSeconds: nowMs / 1_000, stepSeconds: days === 1 ? 10 : 60 };
  const stretch = stretchOf(wish, { oldestSeconds: 0, settlingSeconds: SETTLING_MS / 1_000 });
  const own = catalog.of(rule);
  const subjects = subjectsOf(rule, own);
  const scopeId = scopeIdOf(own);
  if (subjects.length === 0 || scopeId === null) return { stretch, series: [], isLimited: false, notes: [] };
  const { fromSeconds, toSeconds, stepSeconds } = stretch;
  const ask = { scopeId, fromMs: (fromSeconds - rule.windowSeconds) * 1_000, toMs: toSeconds * 1_000 };
  const stopped = (await stoppedQueries(db, [ask])).get(scopeId)!;
  const moments = Array.from(
    { length: Math.floor((toSeconds - fromSeconds) / stepSeconds) + 1 },
    (_, place) => fromSeconds + place * stepSeconds,
  );
  const series = subjects.slice(0, MOST_SUBJECTS).map((subject) => ({
    subject,
    said: moments.map((atSeconds) => {
      const atMs = atSeconds * 1_000;
      const found = evaluateStopped(rule, stopped.at(askOf(rule, subject, atMs)));
      return { atSeconds, evaluation: unlessBlind(rule, found, { blind, atMs }) };
    }),
  }));
  return { stretch, series, isLimited: subjects.length > series.length, notes: NOTES };
}
