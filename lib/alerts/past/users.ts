import { keptFrom } from "../../query/plan.ts";
import { type RollingUser, rollingUsers } from "../../query/rolling-users.ts";
import type { Db } from "../../store/db.ts";
import { USER_TIERS } from "../../store/tiers.ts";
import { SETTLING_MS } from "../../query/closed.ts";
import { evaluateUser, MOST_USERS } from "../evaluate-users.ts";
import { unlessBlind } from "../judge.ts";
import type { RuleOf } from "../rule.ts";
import { endpointsOfUsers, userSubject } from "../subject.ts";
import type { Past, PastContext, PastSeries, Stretch } from "./past.ts";
import { stretchOf } from "./stretch.ts";

type UserRule = RuleOf<"user">;

/** Users are looked at by the minute, */
const MINUTE = 60;
/** and kept so for so long. */
const KEPT_HOURS = USER_TIERS[0].keptSeconds / 3_600;

/** What a rule about users would have said of the one that it names, or of those who were slow for longest. */
export async function pastOfUsers(db: Db, rule: UserRule, { catalog, days, nowMs, blind }: PastContext): Promise<Past> {
  const endpoints = endpointsOfUsers(rule, catalog.of(rule));
  const stretch = stretchFor(rule, { days, nowMs });
  const [first] = endpoints;
  if (first === undefined) return { stretch, series: [], isLimited: false, notes: [] };
  const { service, serviceId } = first;
  const scope = { service, serviceId, endpointIds: endpoints.map(({ id }) => id), ...stretch, limit: MOST_USERS };
  const { user, windowSeconds, percentile, thresholdUs, minCount } = rule;
  const ask = { ...scope, user, windowSeconds, percentile, thresholdUs, minCount };
  const { users, seen, above } = await rollingUsers(db, ask);
  const series = users.map((one) => seriesOf(rule, one, { stretch, blind }));
  return {
    stretch,
    series,
    isLimited: above > users.length,
    notes: notesOf(rule, { seen, above, told: users.length }),
  };
}

function stretchFor({ windowSeconds }: UserRule, { days, nowMs }: { days: number; nowMs: number }): Stretch {
  const oldestSeconds = keptFrom(USER_TIERS, 0, nowMs / 1_000) + windowSeconds;
  const wish = { days, nowSeconds: nowMs / 1_000, stepSeconds: MINUTE };
  return stretchOf(wish, { oldestSeconds, settlingSeconds: SETTLING_MS / 1_000 });
}

function seriesOf(
  rule: UserRule,
  { user, figures }: RollingUser,
  { stretch, blind }: Pick<PastContext, "blind"> & { stretch: Stretch },
): PastSeries {
  const said = figures.map((one, place) => {
    const atSeconds = stretch.fromSeconds + place * stretch.stepSeconds;
    const evaluation = evaluateUser(rule, { user, ...one });
    return { atSeconds, evaluation: unlessBlind(rule, evaluation, { blind, atMs: atSeconds * 1_000 }) };
  });
  return { subject: userSubject(rule, user), said };
}

function notesOf({ user }: UserRule, { seen, above, told }: { seen: number; above: number; told: number }): string[] {
  const kept = `Users are kept by the minute for ${KEPT_HOURS} hours: what was before cannot be tested.`;
  if (user !== undefined) return seen > 0 ? [kept] : [kept, "There was no request of this user."];
  const most = above > told ? `, and tells of the ${told} who were slow for longest` : "";
  const slow = above === 1 ? "1 was" : `${above} were`;
  return [kept, `It looked at ${seen === 1 ? "1 user" : `${seen} users`}, of whom ${slow} slow at some time${most}.`];
}
