import { log } from "../log.ts";
import { prefillWatch } from "../query/prefill-watch.ts";
import type { Db } from "../store/db.ts";
import type { HistoryStretch } from "../store/history.ts";
import type { Catalog } from "./catalog.ts";
import { type Blind, wasBlind } from "./closed.ts";
import { evaluatePrefill } from "./evaluate-prefill.ts";
import { type Judged, judgeUsers } from "./evaluate-users.ts";
import type { WindowRule } from "./evaluate.ts";
import type { Evaluation } from "./evaluation.ts";
import { unlessHistory } from "./history.ts";
import { judgeStopped, type StoppedCase } from "./judge-stopped.ts";
import { type Case, judgeCases } from "./look-up.ts";
import type { RuleOf, StoredRule } from "./rule.ts";
import { endpointsOfUsers, subjectsOf } from "./subject.ts";

export interface JudgeContext {
  catalog: Catalog;
  /** The time of the evaluation: the end of the last closed window. */
  atMs: number;
  nowMs: number;
  blind: readonly Blind[];
  /** Where there is imported history. */
  history: readonly HistoryStretch[];
  /** Users that a rule has series of, by the rule's id. */
  knownUsers: ReadonlyMap<string, readonly string[]>;
}

/** What the rules said at a time. */
export interface Judgement {
  atMs: number;
  rules: readonly StoredRule[];
  /** By the rule's id; `null`: it could not be asked. */
  judged: ReadonlyMap<string, Judged[] | null>;
}

/** What each rule says of each of its subjects, by the rule's id; `null`: it could not be asked. One that fails does not stop the others. */
export async function judgeRules(
  db: Db,
  rules: readonly StoredRule[],
  context: JudgeContext,
): Promise<Map<string, Judged[] | null>> {
  const judged = new Map<string, Judged[] | null>(rules.map(({ id }) => [id, []]));
  const cases: (Case & { id: string })[] = [];
  const stopped: StoppedCase[] = [];
  for (const { id, rule } of rules) {
    if (rule.kind === "user") judged.set(id, await usersOf(db, { id, rule }, context));
    else if (rule.kind === "prefill") judged.set(id, await prefillOf(db, { id, rule }, context));
    else if (rule.kind === "stopped_queries") stopped.push({ id, rule });
    else cases.push(...subjectsOf(rule, context.catalog.of(rule)).map((subject) => ({ id, rule, subject })));
  }
  const evaluations = await judgeCases(db, cases, context.atMs, context.nowMs);
  for (const [place, { id, rule, subject }] of cases.entries()) {
    const seen = unlessBlind(rule, evaluations[place]!, context);
    const evaluation = unlessHistory(seen, { rule, about: subject.about, atMs: context.atMs }, context.history);
    judged.get(id)!.push({ subject, evaluation });
  }
  for (const [id, own] of await stoppedOf(db, stopped, context)) judged.set(id, own);
  return judged;
}

/** Rules that may miss something. */
type SeenRule = WindowRule | RuleOf<"user" | "stopped_queries">;

/** The longest stretch that a rule looks at for what may be missing. */
const seenSeconds = (rule: SeenRule): number =>
  rule.kind === "burn_rate" ? Math.min(...rule.pairs.map(({ shortSeconds }) => shortSeconds)) : rule.windowSeconds;

const WEEK_MS = 7 * 86_400_000;

/** While tailfill itself was away, that something is missing says nothing; what came in all the same says what it says. */
export function unlessBlind(
  rule: SeenRule,
  evaluation: Evaluation,
  { blind, atMs }: Pick<JudgeContext, "blind" | "atMs">,
): Evaluation {
  const ownStretch = { fromMs: atMs - seenSeconds(rule) * 1_000, toMs: atMs };
  const weekBefore = { fromMs: ownStretch.fromMs - WEEK_MS, toMs: atMs - WEEK_MS };
  const isBlind = wasBlind(blind, ownStretch) || (rule.kind === "traffic" && wasBlind(blind, weekBefore));
  if (!isBlind) return evaluation;
  const { verdict } = evaluation;
  const byCount = rule.kind === "silence" || rule.kind === "traffic";
  const isUntold = rule.kind === "stopped_queries" && verdict === "ok";
  const saysNothing = verdict === "no_data" || verdict === "too_few" || (byCount && verdict === "breach") || isUntold;
  return saysNothing ? { ...evaluation, verdict: "could_not_ask", why: "tailfill itself was away" } : evaluation;
}

async function usersOf(
  db: Db,
  { id, rule }: { id: string; rule: RuleOf<"user"> },
  { catalog, knownUsers, atMs, nowMs, blind, history }: JudgeContext,
): Promise<Judged[] | null> {
  const endpoints = endpointsOfUsers(rule, catalog.of(rule));
  const known = knownUsers.get(id) ?? [];
  const ask = async (): Promise<Judged[]> =>
    (await judgeUsers(db, rule, { endpoints, known, atMs, nowMs })).map(({ subject, evaluation }) => ({
      subject,
      evaluation: unlessHistory(
        unlessBlind(rule, evaluation, { blind, atMs }),
        { rule, about: subject.about, atMs },
        history,
      ),
    }));
  return ask().catch((error: unknown) => failed(id, error));
}

async function prefillOf(
  db: Db,
  { id, rule }: { id: string; rule: RuleOf<"prefill"> },
  { catalog, atMs }: JudgeContext,
): Promise<Judged[] | null> {
  const [subject] = subjectsOf(rule, catalog.of(rule));
  if (subject === undefined) return [];
  const ask = async (): Promise<Judged[]> => {
    const watch = await prefillWatch(db, subject.about.endpointId!, atMs);
    return [{ subject, evaluation: evaluatePrefill(rule, watch) }];
  };
  return ask().catch((error: unknown) => failed(id, error));
}

/** All of them by the same statements: what fails, fails for each. */
async function stoppedOf(
  db: Db,
  cases: readonly StoppedCase[],
  context: JudgeContext,
): Promise<Map<string, Judged[] | null>> {
  if (cases.length === 0) return new Map();
  try {
    const judged = await judgeStopped(db, cases, context);
    return new Map(
      cases.map(({ id, rule }) => [
        id,
        judged.get(id)!.map(({ subject, evaluation }) => {
          return { subject, evaluation: unlessBlind(rule, evaluation, context) };
        }),
      ]),
    );
  } catch (error) {
    log("alerts").warn({ err: error, rules: cases.length }, "rules about stopped queries could not be asked");
    return new Map(cases.map(({ id }) => [id, null]));
  }
}

function failed(rule: string, error: unknown): null {
  log("alerts").warn({ err: error, rule }, "a rule could not be asked");
  return null;
}
