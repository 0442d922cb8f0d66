import { DISTRIBUTED } from "@/lib/store/distribution";
import { type Group, type Item, itemsOf, type Scope, scopesOf, type Source } from "./sql-scopes.ts";

/**
 * What Citus 12 to 14 refuse of statements on distributed tables, as far as statements like ours can meet it. It is stricter than Citus
 * where that costs us nothing: what is pushed down only under conditions is refused here.
 */

const COLUMN = new Map(DISTRIBUTED.map(({ table, column }) => [table, column]));
/** Of modifications on distributed tables. */
const VOLATILE =
  /^(random|gen_random_uuid|uuidv7|clock_timestamp|timeofday|nextval|setval|pg_(try_)?advisory\w*|setseed)$/;
/** With a column of a time as argument they are STABLE. */
const STABLE = /^(extract|date_part|date_trunc|to_char|age)$/;

/** The table of a partition. */
const wholeOf = (name: string): string => name.replace(/_\d{6}(\d\d)?$/, "");
const isDistributed = ({ kind, name }: Source): boolean => kind === "table" && COLUMN.has(wholeOf(name));

/** Why Citus would refuse a statement; empty when it would not, or when no distributed table is in it. */
export function citusRefusals(sql: string): string[] {
  return [...new Set(statementScopes(sql).flatMap((scope) => refusalsOf(scope)))];
}

/** The tables of a statement, by what is done with them. */
export function tablesOf(sql: string): { table: string; command: string }[] {
  return statementScopes(sql)
    .flatMap(everyScope)
    .flatMap(({ command, sources }) =>
      sources.flatMap(({ kind, name, isTarget }) =>
        kind === "table" ? [{ table: wholeOf(name), command: isTarget ? command : "select" }] : [],
      ),
    );
}

/** Of what reads or writes rows; definitions of tables and functions have none. */
function statementScopes(sql: string): Scope[] {
  const items = itemsOf(sql.replace(/^\s*COPY \(([\s\S]*)\) TO STDOUT.*$/i, "$1"));
  const isQuery = items[0]?.kind === "group" || isOneOf(items[0], /^(with|select|insert|update|delete|values)$/);
  return isQuery ? scopesOf(items) : [];
}

function refusalsOf(scope: Scope): string[] {
  const inner = childrenOf(scope).flatMap((child) => refusalsOf(child));
  if (!everyScope(scope).some(({ sources }) => sources.some(isDistributed))) return inner;
  return [...inner, ...RULES.flatMap((rule) => rule(scope) ?? [])];
}

type Rule = (scope: Scope) => string | undefined | string[];

const RULES: readonly Rule[] = [
  ({ withs }) =>
    withs.some(({ scopes }) => scopes.some(({ command }) => command !== "select" && command !== "values"))
      ? "a data-modifying statement in WITH"
      : undefined,
  (scope) => {
    const lock = scope.clauses.get("for");
    const locked = scope.sources.filter((source) => isDistributed(source) && !isPinned(scope, source));
    return lock && locked.length > 0 ? `FOR UPDATE or SHARE on more than one shard of ${locked[0]!.name}` : undefined;
  },
  ({ sources }) =>
    sources.some(({ isLateral, scopes }) => isLateral && hasDistributed(scopes))
      ? "a LATERAL subquery with a distributed table"
      : undefined,
  (scope) =>
    scope.sublinks.some(({ scopes }) => hasDistributed(scopes) && isCorrelated(scopes, scope))
      ? "a correlated subquery with a distributed table"
      : undefined,
  ({ sublinks }) =>
    sublinks.some(({ scopes }) => scopes.some(isWithoutColumns)) ? "EXISTS (SELECT FROM …): write SELECT 1" : undefined,
  (scope) => {
    const own = scope.sources.filter(isDistributed);
    const grouping = (scope.clauses.get("group") ?? []).some((item) => isOneOf(item, /^(grouping|rollup|cube)$/));
    return grouping && own.some((source) => !isPinned(scope, source))
      ? "GROUPING SETS over more than one shard"
      : undefined;
  },
  (scope) => {
    const own = scope.sources.filter((source) => isDistributed(source) && !source.isTarget);
    if (own.length < 2 || own.every((source) => isPinned(scope, source))) return undefined;
    return own.slice(1).every((source) => isJoined(scope, own[0]!, source))
      ? undefined
      : "a join of distributed tables that is not on their distribution columns";
  },
  ({ command, sources, clauses }) => {
    const target = sources.find(({ isTarget }) => isTarget);
    const column = target && COLUMN.get(wholeOf(target.name));
    if (column === undefined) return undefined;
    const set = command === "update" ? clauses.get("set") : (clauses.get("set") ?? []);
    return assigned(set ?? []).includes(column) ? `another ${column} for rows of ${target!.name}` : undefined;
  },
  ({ command, sources, clauses }) => {
    const target = sources.find(({ isTarget }) => isTarget);
    const column = target && COLUMN.get(wholeOf(target.name));
    if (command !== "insert" || column === undefined) return undefined;
    const columns = (clauses.get("target") ?? []).find((item): item is Group => item.kind === "group");
    return columns?.items.some((item) => isOneOf(item, new RegExp(`^${column}$`)))
      ? undefined
      : `an INSERT without ${column}`;
  },
  ({ command, sublinks, clauses }) =>
    command === "insert" && clauses.has("values") && sublinks.some(({ clause }) => clause === "values")
      ? "a subquery in the VALUES of an INSERT"
      : undefined,
  ({ command, sources, clauses }) => {
    if ((command !== "update" && command !== "delete") || !sources.some((one) => one.isTarget && isDistributed(one)))
      return undefined;
    const used = ["set", "where", "returning"].flatMap((clause) => functionsIn(clauses.get(clause) ?? []));
    return used
      .filter((name) => VOLATILE.test(name) || STABLE.test(name))
      .map((name) => `${name}() in an UPDATE or DELETE`);
  },
  ({ clauses }) =>
    (clauses.get("from") ?? []).some((item) => isOneOf(item, /^(full|tablesample)$/))
      ? "FULL JOIN or TABLESAMPLE"
      : undefined,
];

/** Whether a scope says which shard a table is asked of. */
function isPinned(scope: Scope, source: Source): boolean {
  const column = COLUMN.get(wholeOf(source.name))!;
  return equalities(scope).some(
    ([left, right]) =>
      isColumn(left, { column, source }) &&
      (right.kind === "parameter" || right.kind === "number" || right.kind === "text"),
  );
}

function isJoined(scope: Scope, one: Source, other: Source): boolean {
  const columnOf = (source: Source) => COLUMN.get(wholeOf(source.name))!;
  return equalities(scope).some(
    ([left, right]) =>
      (isColumn(left, { column: columnOf(one), source: one }) &&
        isColumn(right, { column: columnOf(other), source: other })) ||
      (isColumn(left, { column: columnOf(other), source: other }) &&
        isColumn(right, { column: columnOf(one), source: one })),
  );
}

type Operand =
  { kind: "column"; qualifier: string | undefined; name: string } | { kind: "parameter" | "number" | "text" };

/** What is said to be equal in the conditions of a scope. */
function equalities(scope: Scope): [Operand, Operand][] {
  const found: [Operand, Operand][] = [];
  for (const clause of ["where", "from", "using"]) {
    const items = flat(scope.clauses.get(clause) ?? []);
    for (const [at, item] of items.entries()) {
      if (item.kind !== "sign" || item.text !== "=") continue;
      const [left, right] = [operandBefore(items, at), operandAfter(items, at)];
      if (left && right) found.push([left, right], [right, left]);
    }
  }
  return found;
}

const flat = (items: readonly Item[]): Item[] =>
  items.flatMap((item) => (item.kind === "group" ? (isQueryGroup(item) ? [] : flat(item.items)) : [item]));
const isQueryGroup = ({ items }: Group): boolean => isOneOf(items[0], /^(select|with|values)$/);
const isOneOf = (item: Item | undefined, words: RegExp): boolean => item?.kind === "word" && words.test(item.text);

function operandBefore(items: readonly Item[], at: number): Operand | undefined {
  let end = at - 1;
  while (items[end - 1]?.kind === "sign" && (items[end - 1] as { text: string }).text === "::") end -= 2; // a cast
  const item = items[end];
  if (item?.kind !== "word")
    return item && item.kind !== "sign" && item.kind !== "group" ? { kind: item.kind } : undefined;
  const dot = items[end - 1];
  const qualifier = dot?.kind === "sign" && dot.text === "." ? (items[end - 2] as { text: string }).text : undefined;
  return { kind: "column", qualifier, name: item.text };
}

function operandAfter(items: readonly Item[], at: number): Operand | undefined {
  const item = items[at + 1];
  if (item?.kind !== "word")
    return item && item.kind !== "sign" && item.kind !== "group" ? { kind: item.kind } : undefined;
  let end = at + 1;
  while (items[end + 1]?.kind === "sign" && (items[end + 1] as { text: string }).text === ".") end += 2;
  const qualifier = end > at + 1 ? (items[end - 2] as { text: string }).text : undefined;
  return { kind: "column", qualifier, name: (items[end] as { text: string }).text };
}

function isColumn(operand: Operand, { column, source }: { column: string; source: Source }): boolean {
  if (operand.kind !== "column" || operand.name !== column) return false;
  return operand.qualifier === undefined || operand.qualifier === source.alias || operand.qualifier === source.name;
}

const hasDistributed = (scopes: readonly Scope[]): boolean =>
  scopes.flatMap(everyScope).some(({ sources }) => sources.some(isDistributed));

const isWithoutColumns = (scope: Scope): boolean =>
  scope.command === "select" && (scope.clauses.get("select") ?? []).length === 0 && scope.sources.some(isDistributed);

/** Whether subqueries name something of the scope around them. */
function isCorrelated(scopes: readonly Scope[], around: Scope): boolean {
  const inner = new Set(
    scopes.flatMap(everyScope).flatMap(({ sources }) => sources.flatMap(({ alias, name }) => [alias, name])),
  );
  const outer = new Set(around.sources.flatMap(({ alias, name }) => [alias, name]).filter((name) => !inner.has(name)));
  return scopes.flatMap(everyScope).some(({ clauses }) =>
    [...clauses.values()].some((items) => {
      const all = flat(items);
      return all.some((item, at) => item.kind === "word" && outer.has(item.text) && isDot(all[at + 1]));
    }),
  );
}

const isDot = (item: Item | undefined): boolean => item?.kind === "sign" && item.text === ".";

/** Columns that a SET gives values to. */
function assigned(items: readonly Item[]): string[] {
  return items.flatMap((item, at) => {
    const before = items[at - 1];
    const isFirst = before === undefined || (before.kind === "sign" && before.text === ",");
    return isFirst && item.kind === "word" ? [item.text] : [];
  });
}

function functionsIn(items: readonly Item[]): string[] {
  return items.flatMap((item, at) => {
    if (item.kind === "group") return isQueryGroup(item) ? [] : functionsIn(item.items);
    return item.kind === "word" && items[at + 1]?.kind === "group" ? [item.text] : [];
  });
}

const childrenOf = ({ withs, sources, sublinks }: Scope): Scope[] => [
  ...withs.flatMap(({ scopes }) => scopes),
  ...sources.flatMap(({ scopes }) => scopes),
  ...sublinks.flatMap(({ scopes }) => scopes),
];

const everyScope = (scope: Scope): Scope[] => [scope, ...childrenOf(scope).flatMap(everyScope)];
