/** What a statement does, as far as its text tells in a few words. */
export interface StatementShape {
  /** The verb, in small letters; that behind a `with`. */
  verb: string;
  /** Whether it changes rows. */
  writes: boolean;
  /** The first table, without its schema and quotes; undefined when there is none. */
  table: string | undefined;
  /** Columns that are compared with one value by `=`, without their table. */
  equals: string[];
  /** Whether it asks for a list of values: `in (…)` of more than one, `= any(…)`. */
  list: boolean;
}

const NAME = '(?:"[^"]+"|`[^`]+`|[A-Za-z_\\u0080-\\uffff][\\w$\\u0080-\\uffff]*)';
const PATH = `${NAME}(?:\\s*\\.\\s*${NAME})*`;
const VALUE = "(?:\\$\\d+|\\?|\\d+\\b|'[^']*')(?:::[\\w.]+)?";
// A name before a parenthesis is a function, but not behind `into`.
const TABLE = new RegExp(`\\b(?:into\\s+(${PATH})|(?:from|update)\\s+(?:only\\s+)?(${PATH})(?![\\w$.]|\\())`, "i");
// From the start of a name only: else each letter of a long one would be tried.
const EQUALS = new RegExp(`(?<![\\w$.\u0080-\uffff])(${PATH})\\s*=\\s*${VALUE}(?!\\s*=)`, "gi");
const LIST = /\bin\s*\(\s*(?:\?|\$\d+|\d+|'[^']*')\s*,|\bin\s*\(\?\)|=\s*any\s*\(|\bunnest\s*\(/i;
const WRITES = new Set(["insert", "update", "delete", "merge", "replace"]);

/** Looks at no more than this of a text: beyond are lists of values, as a rule. */
const READ = 16_384;

/** Reads a statement, or a fingerprint of one. Never throws: what it does not understand it leaves out. */
export function shapeOf(sql: string): StatementShape {
  const text = sql.slice(0, READ).replace(/^\s*(?:\/\*.*?\*\/\s*)*/s, "");
  const verb = verbOf(text);
  const where = /\bwhere\b/i.exec(text);
  const conditions = where === null ? "" : text.slice(where.index);
  const found = [...conditions.matchAll(EQUALS)].map(([, path = ""]) => lastOf(path));
  const [, into, from] = TABLE.exec(text) ?? [];
  const table = into ?? from;
  return {
    verb,
    writes: WRITES.has(verb),
    table: table === undefined ? undefined : lastOf(table),
    equals: [...new Set(found)],
    list: LIST.test(conditions),
  };
}

function verbOf(text: string): string {
  const first = /^\(*\s*([a-z]+)/i.exec(text)?.[1]?.toLowerCase() ?? "";
  if (first !== "with") return first;
  return /\b(insert|update|delete|merge)\b/i.exec(text)?.[1]?.toLowerCase() ?? "select";
}

function lastOf(path: string): string {
  const parts = path.match(new RegExp(NAME, "g")) ?? [path];
  return parts.at(-1)!.replaceAll(/^["`]|["`]$/g, "");
}
