import { parse, stringify } from "yaml";
import { TailfillError } from "../errors.ts";
import type { AlertAnswer } from "../query/alert-answer-schemas.ts";
import { RULE } from "../query/alert-rule-schemas.ts";
import { countRules, deleteRule, insertRule, readRules, type RuleRow, updateRule } from "../store/alert-rules.ts";
import { readReceivers } from "../store/alert-receivers.ts";
import { holdingAlertClock } from "../store/alert-clock.ts";
import type { Connection, Db } from "../store/db.ts";
import { type Rule, ruleProblems } from "./rule.ts";
import { type Change, MOST_RULES, refuseTooMany, writeOf } from "./rules.ts";

/** The form of the file. */
const VERSION = 1;
const MOST_PROBLEMS = 20;

/**
 * All rules as a rules file, by name, without what is a default, receivers by their names: it fits another server that has such receivers. Imported,
 * it makes the file the keeper of them all, and changes nothing else.
 */
export async function exportRules(db: Connection): Promise<string> {
  const names = new Map((await readReceivers(db)).map(({ id, name }) => [id, name]));
  const rules = (await readRules(db)).map(({ definition, receivers }) => ({
    ...withoutDefaults(definition as Rule),
    ...(receivers.length > 0 && { receivers: receivers.map((id) => names.get(id) ?? id) }),
  }));
  return stringify({ version: VERSION, rules }, { lineWidth: 0 });
}

/** A field is left out when the rule says the same without it. */
function withoutDefaults(rule: Rule): Record<string, unknown> {
  const full = JSON.stringify(sorted(rule));
  const kept: Record<string, unknown> = { ...rule };
  for (const field of Object.keys(rule)) {
    const { [field]: _, ...rest } = kept;
    const parsed = RULE.safeParse(rest);
    if (parsed.success && JSON.stringify(sorted(parsed.data)) === full) delete kept[field];
  }
  return kept;
}

/**
 * Brings the rules up to a rules file, which is known by the names of its rules: it makes what is new, changes what differs, and
 * removes what an earlier import had made and the file has no more. Rules that people or programs made stay, unless the file has one of
 * the same name: then the file keeps it from now on. All of it or nothing; a second time it changes nothing.
 * @throws TailfillError `bad_request` with every problem of every rule
 */
export async function importRules(
  db: Db,
  text: string,
  change: Change & { dryRun?: boolean },
): Promise<AlertAnswer<"AlertImport">> {
  const rules = readFile(text, await Receivers.read(db));
  const trial = new Trial();
  // Two imports at once would both find a rule missing.
  return holdingAlertClock(db, async (tx) => {
    const known = new Map((await readRules(tx)).map((row) => [row.name, row]));
    const done: AlertAnswer<"AlertImport"> = { created: [], changed: [], removed: [], unchanged: 0 };
    for (const rule of rules) await bring(tx, rule, { row: known.get(rule.name), change, done });
    const names = new Set(rules.map(({ name }) => name));
    for (const { id, name, source } of known.values())
      if (source === "file" && !names.has(name)) {
        await deleteRule(tx, id);
        done.removed.push(name);
      }
    if (done.created.length > 0) refuseTooMany(await countRules(tx));
    if (change.dryRun === true) throw trial.ended(done);
    return done;
  }).catch((error: unknown) => trial.outcomeOf(error));
}

/** What only tries ends its transaction by an error of its own, which takes everything back. */
class Trial {
  private readonly end = new Error("a trial has ended");
  private done: AlertAnswer<"AlertImport"> | undefined;

  ended(done: AlertAnswer<"AlertImport">): Error {
    this.done = done;
    return this.end;
  }

  /** @throws whatever else went wrong */
  outcomeOf(error: unknown): AlertAnswer<"AlertImport"> {
    if (error === this.end) return this.done!;
    throw error;
  }
}

/** Receivers as a file names them: by name, or by id. */
class Receivers {
  private constructor(
    readonly ids: ReadonlySet<string>,
    private readonly byName: ReadonlyMap<string, string>,
  ) {}

  static async read(db: Connection): Promise<Receivers> {
    const rows = await readReceivers(db);
    return new Receivers(new Set(rows.map(({ id }) => id)), new Map(rows.map(({ id, name }) => [name, id])));
  }

  /** A rule of a file with ids in the place of names; what is no list is left to those who check it. */
  resolved(rule: unknown): unknown {
    const { receivers } = (rule ?? {}) as { receivers?: unknown };
    if (!Array.isArray(receivers)) return rule;
    return { ...(rule as object), receivers: receivers.map((one: unknown) => this.byName.get(one as string) ?? one) };
  }
}

interface Bringing {
  row: RuleRow | undefined;
  change: Change;
  done: AlertAnswer<"AlertImport">;
}

async function bring(tx: Connection, rule: Rule, { row, change, done }: Bringing): Promise<void> {
  const write = writeOf(rule, "file");
  if (row === undefined) {
    await insertRule(tx, write, change);
    done.created.push(rule.name);
  } else if (row.source === "file" && isSame(row.definition, rule)) done.unchanged += 1;
  else {
    await updateRule(tx, row.id, write, change);
    done.changed.push(rule.name);
  }
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));

/** The database gives the keys of JSON back in an order of its own. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, sorted(one)]));
}

function readFile(text: string, receivers: Receivers): Rule[] {
  const file = yamlOf(text);
  const rules = rulesOf(file).map((rule) => receivers.resolved(rule));
  const problems = [...fileProblems(file), ...rulesProblems(rules, receivers.ids)];
  if (problems.length > 0) throw new TailfillError("bad_request", problems.slice(0, MOST_PROBLEMS).join(" "));
  return rules.map((rule) => RULE.parse(rule));
}

function rulesOf(file: unknown): unknown[] {
  const { rules } = (file ?? {}) as { rules?: unknown };
  return Array.isArray(rules) ? rules : [];
}

/** Aliases could make a small text a huge one; a rules file needs none. */
function yamlOf(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 0, prettyErrors: true, uniqueKeys: true }) as unknown;
  } catch (error) {
    const [first = ""] = (error as Error).message.split("\n");
    throw new TailfillError("bad_request", `The file is not YAML: ${first}`);
  }
}

function fileProblems(file: unknown): string[] {
  if (typeof file !== "object" || file === null || Array.isArray(file))
    return ["The file must hold `version` and `rules`."];
  const { version, rules, ...rest } = file as Record<string, unknown>;
  return [
    ...(version === VERSION ? [] : [`version: must be ${VERSION}.`]),
    ...(Array.isArray(rules) ? [] : ["rules: must be a list."]),
    ...(Array.isArray(rules) && rules.length > MOST_RULES ? [`rules: must have at most ${MOST_RULES} entries.`] : []),
    ...Object.keys(rest).map((key) => `${key.slice(0, 40)}: is not known.`),
  ];
}

function rulesProblems(rules: readonly unknown[], receivers: ReadonlySet<string>): string[] {
  const names = rules.map((rule) => (rule as { name?: unknown } | null)?.name);
  return rules.flatMap((rule: unknown, place) => [
    ...ruleProblems(rule, receivers).map((problem) => `rules.${place}.${problem}`),
    ...(typeof names[place] === "string" && names.indexOf(names[place]) < place
      ? [`rules.${place}.name: is taken by another rule of the file.`]
      : []),
  ]);
}
