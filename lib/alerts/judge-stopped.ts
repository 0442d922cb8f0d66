import { type StoppedAsk, stoppedQueries } from "../query/stopped-queries.ts";
import type { CatalogEndpoint } from "../store/catalog.ts";
import type { Connection } from "../store/db.ts";
import type { Catalog } from "./catalog.ts";
import { evaluateStopped } from "./evaluate-stopped.ts";
import type { Judged } from "./evaluate-users.ts";
import type { RuleOf } from "./rule.ts";
import { type Subject, subjectsOf } from "./subject.ts";

type StoppedRule = RuleOf<"stopped_queries">;

/** A rule about stopped queries, with the id that its judgement goes under. */
export interface StoppedCase {
  id: string;
  rule: StoppedRule;
}

/** The id that stands for a service and environment, of what there is of both; `null`: there is nothing. */
export const scopeIdOf = (own: readonly CatalogEndpoint[]): number | null => own.find(({ total }) => total)?.id ?? null;

/** What a rule asks about one of its subjects. */
export function askOf({ includeDryRuns, windowSeconds }: StoppedRule, { about }: Subject, atMs: number): StoppedAsk {
  const { method, route } = about;
  const endpoint = method === undefined || route === undefined ? null : { method, route };
  return { endpoint, includeDryRuns, windowSeconds, atMs };
}

/**
 * What each rule says of its subjects, by the rule's id. Each scope is read once, as far back as the longest window of its rules.
 * @throws what the database throws
 */
export async function judgeStopped(
  db: Connection,
  cases: readonly StoppedCase[],
  { catalog, atMs }: { catalog: Catalog; atMs: number },
): Promise<Map<string, Judged[]>> {
  const stopped = await stoppedQueries(db, asksOf(cases, { catalog, atMs }));
  return new Map(
    cases.map(({ id, rule }) => {
      const own = catalog.of(rule);
      const known = stopped.get(scopeIdOf(own) ?? -1);
      const judged = subjectsOf(rule, own).flatMap((subject): Judged[] =>
        known === undefined
          ? []
          : [{ subject, evaluation: evaluateStopped(rule, known.at(askOf(rule, subject, atMs))) }],
      );
      return [id, judged] as const;
    }),
  );
}

function asksOf(cases: readonly StoppedCase[], { catalog, atMs }: { catalog: Catalog; atMs: number }) {
  const longest = new Map<number, number>();
  for (const { rule } of cases) {
    const scopeId = scopeIdOf(catalog.of(rule));
    if (scopeId !== null) longest.set(scopeId, Math.max(longest.get(scopeId) ?? 0, rule.windowSeconds));
  }
  return [...longest].map(([scopeId, seconds]) => ({ scopeId, fromMs: atMs - seconds * 1_000, toMs: atMs }));
}
