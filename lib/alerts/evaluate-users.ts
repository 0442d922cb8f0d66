import { type UserFigures, userFigures } from "../query/user-figures.ts";
import type { CatalogEndpoint } from "../store/catalog.ts";
import type { Db } from "../store/db.ts";
import { gridOf } from "./evaluate.ts";
import type { Evaluation } from "./evaluation.ts";
import type { RuleOf } from "./rule.ts";
import { type Subject, userSubject } from "./subject.ts";

type UserRule = RuleOf<"user">;

/** Series of one rule at a time: a rule about every user tells of the worst. */
export const MOST_USERS = 50;

export interface Judged {
  subject: Subject;
  evaluation: Evaluation;
}

/** What a rule says of a user. Pure. */
export function evaluateUser(rule: UserRule, { count, valueUs: value }: UserFigures): Evaluation {
  const { thresholdUs: threshold, windowSeconds, percentile, minCount } = rule;
  const observed = { value, threshold, unit: "us", count, windowSeconds, percentile } as const;
  if (count === 0) return { verdict: "no_data", observed };
  if (count < minCount || value === null) return { verdict: "too_few", observed };
  return { verdict: value > threshold ? "breach" : "ok", observed };
}

/**
 * Judges the users that a rule is about: the one it names, or those who are slow now and those who were (`known`).
 * @param endpoints the endpoints that their requests went to
 */
export async function judgeUsers(
  db: Db,
  rule: UserRule,
  {
    endpoints,
    known,
    atMs,
    nowMs,
  }: { endpoints: readonly CatalogEndpoint[]; known: readonly string[]; atMs: number; nowMs: number },
): Promise<Judged[]> {
  const [first] = endpoints;
  if (first === undefined) return [];
  const grid = gridOf(rule);
  const toSeconds = Math.floor(atMs / 1_000 / grid) * grid;
  const { percentile, thresholdUs, minCount, windowSeconds } = rule;
  const figures = await userFigures(
    db,
    {
      service: first.service,
      serviceId: first.serviceId,
      endpointIds: endpoints.map(({ id }) => id),
      fromSeconds: toSeconds - windowSeconds,
      toSeconds,
      percentile,
      thresholdUs,
      minCount,
      limit: rule.user === undefined ? MOST_USERS : 0,
      always: rule.user === undefined ? known : [rule.user],
    },
    nowMs,
  );
  return figures.map((one) => ({ subject: userSubject(rule, one.user), evaluation: evaluateUser(rule, one) }));
}
