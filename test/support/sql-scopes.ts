/** A word, number, text, parameter or sign of a statement; words are in lower case, without quotes. */
export interface Token {
  readonly kind: "word" | "number" | "text" | "parameter" | "sign";
  readonly text: string;
}
/** What stands between parentheses. */
export interface Group {
  readonly kind: "group";
  readonly items: readonly Item[];
}
export type Item = Token | Group;

const TOKEN =
  /\s+|--[^\n]*|\/\*[\s\S]*?\*\/|(?<text>'(?:[^']|'')*')|"(?<quoted>(?:[^"]|"")+)"|(?<word>[a-z_][\w$]*)|(?<number>\d+(?:\.\d+)?(?:e[+-]?\d+)?)|(?<parameter>\$\d+)|(?<sign>::|<=|>=|<>|!=|\|\||.)/giy;

/** The items of a statement, with a group for each pair of parentheses. */
export function itemsOf(sql: string): Item[] {
  const stack: Item[][] = [[]];
  for (const { groups = {} } of sql.matchAll(TOKEN)) {
    const { text, quoted, word, number, parameter, sign } = groups;
    if (sign === "(") stack.push([]);
    else if (sign === ")") {
      const items = stack.pop()!;
      stack.at(-1)!.push({ kind: "group", items });
    } else if (text !== undefined) stack.at(-1)!.push({ kind: "text", text });
    else if (word !== undefined) stack.at(-1)!.push({ kind: "word", text: word.toLowerCase() });
    else if (quoted !== undefined) stack.at(-1)!.push({ kind: "word", text: quoted });
    else if (number !== undefined) stack.at(-1)!.push({ kind: "number", text: number });
    else if (parameter !== undefined) stack.at(-1)!.push({ kind: "parameter", text: parameter });
    else if (sign !== undefined) stack.at(-1)!.push({ kind: "sign", text: sign });
  }
  return stack[0]!;
}

/** Something that a FROM (or UPDATE, INSERT INTO, DELETE FROM, USING) names. */
export interface Source {
  readonly kind: "table" | "function" | "subquery";
  /** Of a table, without its schema. */
  readonly name: string;
  readonly alias: string;
  readonly isLateral: boolean;
  /** Whether the statement writes to it. */
  readonly isTarget: boolean;
  /** Of a subquery. */
  readonly scopes: readonly Scope[];
}

export type Command = "select" | "insert" | "update" | "delete" | "values" | "lock" | "other";

/** One SELECT (of a UNION, each), INSERT, UPDATE or DELETE. */
export interface Scope {
  readonly command: Command;
  readonly sources: readonly Source[];
  /** Names of WITH that it may use, its parents' included. */
  readonly withNames: ReadonlySet<string>;
  readonly withs: readonly { name: string; scopes: readonly Scope[] }[];
  /** Subqueries in expressions. */
  readonly sublinks: readonly { scopes: readonly Scope[]; clause: string }[];
  /** Items by the clause that they stand in, without subqueries. */
  readonly clauses: ReadonlyMap<string, readonly Item[]>;
}

const CLAUSES = new Set([
  "select",
  "from",
  "where",
  "group",
  "having",
  "window",
  "order",
  "limit",
  "offset",
  "for",
  "set",
  "values",
  "returning",
  "on conflict",
  "into",
  "using",
]);
const SETS = new Set(["union", "intersect", "except"]);
const isWord = (item: Item | undefined, ...words: string[]): boolean =>
  item?.kind === "word" && words.includes(item.text);
const isSign = (item: Item | undefined, sign: string): boolean => item?.kind === "sign" && item.text === sign;

/** Whether what stands between parentheses is a query. */
const isQuery = (group: Group): boolean =>
  isWord(group.items[0], "select", "with", "insert", "update", "delete", "values") ||
  (group.items[0]?.kind === "group" && isQuery(group.items[0]));

/** The scopes of a statement or subquery: more than one where sets are united. */
export function scopesOf(items: readonly Item[], known: ReadonlySet<string> = new Set()): Scope[] {
  if (items[0]?.kind === "group" && isQuery(items[0]) && (items.length === 1 || isWord(items[1], ...SETS)))
    return [...scopesOf(items[0].items, known), ...scopesOf(afterSet(items.slice(1)), known)];
  const { withs, names, rest } = readWith(items, known);
  const parts = splitSets(rest);
  return parts.flatMap((part, at) =>
    part[0]?.kind === "group" && isQuery(part[0])
      ? scopesOf(part[0].items, names)
      : part.length === 0
        ? []
        : [readScope(part, { names, withs: at === 0 ? withs : [] })],
  );
}

const afterSet = (items: readonly Item[]): readonly Item[] =>
  items.slice(items.findIndex((item) => !isWord(item, ...SETS, "all", "distinct")) >>> 0);

function splitSets(items: readonly Item[]): Item[][] {
  const parts: Item[][] = [[]];
  for (const item of items) {
    if (isWord(item, ...SETS)) parts.push([]);
    else if (!(parts.at(-1)!.length === 0 && isWord(item, "all", "distinct"))) parts.at(-1)!.push(item);
  }
  return parts;
}

function readWith(items: readonly Item[], known: ReadonlySet<string>) {
  const names = new Set(known);
  const withs: { name: string; scopes: Scope[] }[] = [];
  if (!isWord(items[0], "with")) return { withs, names, rest: items };
  let at = isWord(items[1], "recursive") ? 2 : 1;
  for (;;) {
    const name = (items[at] as Token).text;
    while (items[at] !== undefined && !(items[at]!.kind === "group" && isQuery(items[at] as Group))) at++;
    names.add(name);
    withs.push({ name, scopes: scopesOf((items[at] as Group).items, names) });
    if (!isSign(items[at + 1], ",")) return { withs, names, rest: items.slice(at + 1) };
    at += 2;
  }
}

function readScope(items: readonly Item[], { names, withs }: { names: Set<string>; withs: Scope["withs"] }): Scope {
  const first = items[0]?.kind === "word" ? items[0].text : "";
  const command =
    (["select", "insert", "update", "delete", "values", "lock"] as const).find((one) => one === first) ?? "other";
  const clauses = new Map<string, Item[]>();
  const sublinks: Scope["sublinks"][number][] = [];
  let clause =
    command === "update" || command === "insert" || command === "delete" || command === "lock" ? "target" : first;
  for (const [at, item] of items.entries()) {
    if (at === 0 && clause === "target") continue; // the command itself
    const next = clauseAt(items, at, clause);
    if (next !== undefined) {
      clause =
        command === "delete" && next === "from" ? "target" : command === "insert" && next === "into" ? "target" : next;
      if (clause === next) clauses.set(clause, clauses.get(clause) ?? []);
      continue;
    }
    clauses.set(clause, [...(clauses.get(clause) ?? []), item]);
    if (item.kind === "group" && !isFrom(clause)) collectSublinks(item, { clause, names, into: sublinks });
  }
  const sources = ["target", "from", "using"].flatMap((one) =>
    readSources(clauses.get(one) ?? [], { names, sublinks, clause: one }),
  );
  return { command, sources, withNames: names, withs, sublinks, clauses };
}

const isFrom = (clause: string): boolean => clause === "from" || clause === "using" || clause === "target";

function clauseAt(items: readonly Item[], at: number, current: string): string | undefined {
  const item = items[at]!;
  if (item.kind !== "word") return undefined;
  if (item.text === "on" && isWord(items[at + 1], "conflict")) return "on conflict";
  if (item.text === "from" && isWord(items[at - 1], "distinct")) return undefined; // IS DISTINCT FROM
  if (item.text === "values" && isSign(items[at - 1], ".")) return undefined;
  if (item.text === "set" && current !== "target" && current !== "on conflict") return undefined;
  return CLAUSES.has(item.text) ? item.text : undefined;
}

function collectSublinks(
  group: Group,
  to: { clause: string; names: Set<string>; into: Scope["sublinks"][number][] },
): void {
  if (isQuery(group)) {
    to.into.push({ scopes: scopesOf(group.items, to.names), clause: to.clause });
    return;
  }
  for (const item of group.items) if (item.kind === "group") collectSublinks(item, to);
}

const JOIN = [
  "join",
  "inner",
  "left",
  "right",
  "full",
  "cross",
  "outer",
  "natural",
  "on",
  "lateral",
  "only",
  "as",
  "using",
  "with",
  "ordinality",
];

function readSources(
  items: readonly Item[],
  of: { names: Set<string>; sublinks: Scope["sublinks"][number][]; clause: string },
): Source[] {
  const sources: Source[] = [];
  let isNext = true;
  let isLateral = false;
  for (let at = 0; at < items.length; at++) {
    const item = items[at]!;
    if (isSign(item, ",") || isWord(item, "join")) isNext = true;
    else if (isWord(item, "lateral")) isLateral = true;
    else if (!isNext) {
      if (item.kind === "group") collectSublinks(item, { ...of, into: of.sublinks });
    } else if (item.kind === "group" || (item.kind === "word" && !JOIN.includes(item.text) && !isWord(item, "table"))) {
      const read = readSource(items, at, { names: of.names, isLateral, isTarget: of.clause === "target" });
      sources.push(...read.sources);
      at = read.end;
      isNext = false;
      isLateral = false;
    }
  }
  return sources;
}

function readSource(
  items: readonly Item[],
  at: number,
  { names, isLateral, isTarget }: { names: Set<string>; isLateral: boolean; isTarget: boolean },
): { sources: Source[]; end: number } {
  const item = items[at]!;
  if (item.kind === "group" && !isQuery(item))
    return { sources: readSources(item.items, { names, sublinks: [], clause: "from" }), end: at };
  let end = at;
  let name = item.kind === "group" ? "" : item.text;
  while (isSign(items[end + 1], ".")) name = (items[(end += 2)] as Token).text;
  const isFunction = item.kind === "word" && items[end + 1]?.kind === "group" && !isTarget;
  if (isFunction) end++;
  const aliasAt = isWord(items[end + 1], "with") ? end + 3 : end + 1;
  const named = isWord(items[aliasAt], "as") ? items[aliasAt + 1] : items[aliasAt];
  const alias = named?.kind === "word" && !JOIN.includes(named.text) ? named.text : name;
  const kind = item.kind === "group" ? "subquery" : isFunction ? "function" : "table";
  const scopes = item.kind === "group" ? scopesOf(item.items, names) : [];
  return { sources: [{ kind, name, alias, isLateral, isTarget, scopes }], end };
}
