import { TailfillError } from "../errors.ts";
import type { AlertAnswer } from "../query/alert-answer-schemas.ts";
import { blindSince } from "../store/alert-clock.ts";
import type { Db } from "../store/db.ts";
import { Catalog } from "./catalog.ts";
import type { WindowRule } from "./evaluate.ts";
import type { Evaluation } from "./evaluation.ts";
import { answerOf, UNITS } from "./past/answer.ts";
import type { Past, PastSeries } from "./past/past.ts";
import { pastOfWindows } from "./past/windows.ts";
import { Playback } from "./playback.ts";
import { parseRule, type Rule } from "./rule.ts";

const DAY_MS = 86_400_000;

/**
 * What a rule would have done in the last days: the same evaluation and the same decisions over past windows.
 * @throws TailfillError `bad_request` for a bad rule, and for kinds of which not enough is kept
 */
export async function backTest(
  db: Db,
  input: unknown,
  { days, nowMs }: { days: number; nowMs: number },
): Promise<AlertAnswer<"AlertBackTest">> {
  const rule = windowRule(parseRule(input));
  const catalog = await Catalog.read(db);
  // A week before what is tested, which traffic looks at, and a day more.
  const blind = await blindSince(db, nowMs - (days + 8) * DAY_MS);
  const past = await pastOfWindows(db, rule, { catalog, days, nowMs, blind });
  return answerOf(past, playBack(rule, past), UNITS[rule.kind]);
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

function windowRule(rule: Rule): WindowRule {
  if (rule.kind !== "user" && rule.kind !== "prefill") return rule;
  throw new TailfillError(
    "bad_request",
    `kind: what a rule of the kind ${rule.kind} would have seen is not kept; the others can be tested.`,
  );
}
