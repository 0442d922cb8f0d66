import { TailfillError } from "../errors.ts";
import {
  countRules,
  deleteRule,
  findRule,
  insertRule,
  readRules,
  type RuleRow,
  type RuleWrite,
  updateRule,
} from "../store/alert-rules.ts";
import { receiverIds } from "../store/alert-receivers.ts";
import { readSeries } from "../store/alert-series.ts";
import type { Connection, Db } from "../store/db.ts";
import type { AlertAnswer } from "../query/alert-answer-schemas.ts";
import { isUniqueRefused } from "../store/failure.ts";
import { parseRule, type Rule } from "./rule.ts";
import { badnessOf, seenOf } from "./seen.ts";
import { byRule, fromRow, type StoredSeries } from "./state-rows.ts";

/** Who changes something, and when. */
export interface Change {
  nowMs: number;
  by: string | null;
}

/** All rules with their state, by name. */
export async function listRules(db: Connection): Promise<RuleAnswer[]> {
  const [rows, series] = await Promise.all([readRules(db), readSeries(db)]);
  const known = byRule(series.map(fromRow));
  return rows.map((row) => ruleAnswer(row, known.get(row.id) ?? []));
}

/** @throws TailfillError `not_found` */
export async function oneRule(db: Connection, id: string): Promise<RuleAnswer> {
  const row = await ruleOf(db, id);
  return ruleAnswer(row, (await readSeries(db, [id])).map(fromRow));
}

/** @throws TailfillError `not_found` */
export async function ruleOf(db: Connection, id: string): Promise<RuleRow> {
  const row = UUID.test(id) ? await findRule(db, id) : null;
  if (row === null) throw new TailfillError("not_found", "There is no rule of this id.");
  return row;
}

export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** So many rules there may be: each is evaluated every ten seconds. */
export const MOST_RULES = 2_000;

/**
 * Makes a rule. Returns its id.
 * @throws TailfillError `bad_request` with every problem; `already_exists` when the name is taken
 */
export async function createRule(db: Connection, input: unknown, change: Change): Promise<string> {
  const rule = parseRule(input, await receiverIds(db));
  refuseTooMany((await countRules(db)) + 1);
  return unlessTaken("rule", rule.name, () => insertRule(db, writeOf(rule, "api"), change));
}

/** @throws TailfillError `bad_request` when there would be more than there may be */
export function refuseTooMany(rules: number): void {
  if (rules <= MOST_RULES) return;
  const words = `There may be ${MOST_RULES} rules: a pattern in \`endpoints\` does for many.`;
  throw new TailfillError("bad_request", words);
}

/**
 * Changes fields of a rule; `null` takes an optional one away. The kind stays.
 * @throws TailfillError `not_found`, `already_exists`, `bad_request`
 */
export async function changeRule(
  db: Db,
  id: string,
  changes: Record<string, unknown>,
  change: Change,
): Promise<RuleAnswer> {
  const row = await ruleOf(db, id);
  if (changes["kind"] !== undefined && changes["kind"] !== row.kind)
    throw new TailfillError("bad_request", `kind: stays ${row.kind}; make another rule.`);
  const merged = Object.entries({ ...(row.definition as object), ...changes }).filter(([, value]) => value !== null);
  const rule = parseRule(Object.fromEntries(merged), await receiverIds(db));
  await unlessTaken("rule", rule.name, () => updateRule(db, id, writeOf(rule, row.source), change));
  return oneRule(db, id);
}

/** Removes a rule; what it fires resolves within the next round. @throws TailfillError `not_found` */
export async function removeRule(db: Connection, id: string): Promise<void> {
  await ruleOf(db, id);
  await deleteRule(db, id);
}

export function writeOf(rule: Rule, source: RuleRow["source"]): RuleWrite {
  const { name, kind, receivers, enabled } = rule;
  return { name, kind, receivers, enabled, source, definition: rule };
}

/** @throws TailfillError `already_exists` when the database says that the name is taken */
export async function unlessTaken<T>(what: string, name: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (isUniqueRefused(error))
      throw new TailfillError("already_exists", `There is a ${what} called ${JSON.stringify(name)}.`);
    throw error;
  }
}

/** Three evaluations in a row that could not be asked: half a minute. */
const FAILURES = 3;

/** A rule as the API tells it. */
export function ruleAnswer({ id, definition, source, ...row }: RuleRow, series: readonly StoredSeries[]): RuleAnswer {
  return {
    id,
    rule: definition as Rule,
    state: worstOf(row.enabled, series),
    health: series.some(({ state }) => state.failures >= FAILURES) ? "error" : "ok",
    source,
    createdAt: iso(row.createdAtMs)!,
    changedAt: iso(row.changedAtMs)!,
    changedBy: row.changedBy,
    series: [...series].sort(byState).slice(0, MOST_SERIES).map(seriesAnswer),
    seriesCount: series.length,
  };
}

export type RuleAnswer = AlertAnswer<"AlertRule">;

const MOST_SERIES = 100;
const STATES = ["firing", "recovering", "pending", "no_data", "ok"] as const;
const byState = (a: StoredSeries, b: StoredSeries) =>
  STATES.indexOf(a.state.state) - STATES.indexOf(b.state.state) ||
  badnessOf(b.state.observed) - badnessOf(a.state.observed);

/** The state of a rule is the worst of its series'. */
function worstOf(enabled: boolean, series: readonly StoredSeries[]): (typeof STATES)[number] | "off" | "waiting" {
  if (!enabled) return "off";
  return STATES.find((state) => series.some((one) => one.state.state === state)) ?? "waiting";
}

function seriesAnswer({ subject, state, incidentId }: StoredSeries): RuleAnswer["series"][number] {
  const { endpointId = null, method, route, user = null, severity = null } = subject.about;
  return {
    series: subject.key,
    endpoint: method === undefined || route === undefined ? null : { id: endpointId!, method, route },
    user,
    severity,
    state: state.state,
    verdict: state.verdict,
    why: state.why,
    observed: seenOf(state.observed),
    activeAt: iso(state.activeAtMs),
    firedAt: iso(state.firedAtMs),
    evaluatedAt: iso(state.evaluatedAtMs),
    incident: state.state === "firing" || state.state === "recovering" ? incidentId : null,
  };
}

export const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
