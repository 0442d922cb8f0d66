import type { AlertAnswer } from "../query/alert-answer-schemas.ts";
import { blindSince } from "../store/alert-clock.ts";
import type { Db } from "../store/db.ts";
import { Catalog } from "./catalog.ts";
import type { Evaluation } from "./evaluation.ts";
import { answerOf, unitOf } from "./past/answer.ts";
import type { Past, PastContext, PastSeries } from "./past/past.ts";
import { pastOfPrefill } from "./past/prefill.ts";
import { pastOfStopped } from "./past/stopped.ts";
import { pastOfUsers } from "./past/users.ts";
import { pastOfWindows } from "./past/windows.ts";
import { Playback } from "./playback.ts";
import { parseRule, type Rule } from "./rule.ts";

const DAY_MS = 86_400_000;

/**
 * What a rule would have done in the last days: the same evaluation and the same decisions over what is kept.
 * @throws TailfillError `bad_request` for a bad rule
 */
export async function backTest(
  db: Db,
  input: unknown,
  { days, nowMs }: { days: number; nowMs: number },
): Promise<AlertAnswer<"AlertBackTest">> {
  const rule = parseRule(input);
  const catalog = await Catalog.read(db);
  // A week before what is tested, which traffic looks at, and a day more.
  const blind = await blindSince(db, nowMs - (days + 8) * DAY_MS);
  const past = await pastOf(db, rule, { catalog, days, nowMs, blind });
  return answerOf(past, playBack(rule, past), unitOf(rule));
}

function pastOf(db: Db, rule: Rule, context: PastContext): Promise<Past> {
  switch (rule.kind) {
    case "user":
      return pastOfUsers(db, rule, context);
    case "prefill":
      return pastOfPrefill(db, rule, context);
    case "stopped_queries":
      return pastOfStopped(db, rule, context);
    default:
      return pastOfWindows(db, rule, context);
  }
}

/** Pages and tickets of a burn rate are incidents of their own. */
function playBack(rule: Rule, { series }: Past): Playback[] {
  const severities = new Set(series.map(({ subject }) => subject.about.severity));
  return [...severities].map((severity) => {
    const playback = new Playback(rule, timingOf(rule));
    const own = series.filter(({ subject }) => subject.about.severity === severity);
    for (const [atSeconds, evaluations] of byMoment(own)) playback.round(atSeconds * 1_000, evaluations);
    return playback;
  });
}

type Moment = [key: string, evaluation: Evaluation][];

function byMoment(series: readonly PastSeries[]): [atSeconds: number, Moment][] {
  const moments = new Map<number, Moment>();
  for (const { subject, said } of series)
    for (const { atSeconds, evaluation } of said) {
      const others = moments.get(atSeconds);
      if (others === undefined) moments.set(atSeconds, [[subject.key, evaluation]]);
      else others.push([subject.key, evaluation]);
    }
  return [...moments].sort(([a], [b]) => a - b);
}

const timingOf = ({ groupWaitSeconds, groupIntervalSeconds, repeatSeconds }: Rule) => ({
  waitSeconds: groupWaitSeconds,
  intervalSeconds: groupIntervalSeconds,
  repeatSeconds,
});
