import type { Dialect } from "../database/fingerprint.ts";

export interface Token {
  /** A `literal` is a string or a number, a `parameter` is `$1` or `?`; a `name` is a quoted one. */
  kind: "word" | "literal" | "parameter" | "name" | "sign" | "comment";
  /** As it stands in the statement. */
  text: string;
}

type Rule = [kind: Token["kind"], pattern: RegExp];

/** `/y`: each is tried at one place. What has no end, because the text was cut, ends with the text. */
const SHARED: Rule[] = [["literal", /(?:0[xX][\da-fA-F]+|\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)/y]];
const POSTGRESQL: Rule[] = [
  ["comment", /--[^\n]*/y],
  ["literal", /[eE]'(?:[^'\\]|\\[^]|'')*(?:'|\\?$)/y],
  ["literal", /(?:[bBxXnN]|[uU]&)?'(?:[^']|'')*(?:'|$)/y],
  ["literal", /\$([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$(?:(?!\$\1\$)[^])*(?:\$\1\$|$)/y],
  ["name", /"(?:[^"]|"")*(?:"|$)/y],
  ["parameter", /\$\d+/y],
];
const MYSQL: Rule[] = [
  ["comment", /--(?=\s|$)[^\n]*/y],
  ["literal", /[bBxXnN]?'(?:[^'\\]|\\[^]|'')*(?:'|\\?$)/y],
  ["literal", /"(?:[^"\\]|\\[^]|"")*(?:"|\\?$)/y],
  ["name", /`(?:[^`]|``)*(?:`|$)/y],
  ["comment", /#[^\n]*/y],
];
const LAST: Rule[] = [
  ["word", /[\p{L}_][\p{L}\p{M}\d_$]*/uy],
  ["parameter", /\?/y],
  ["sign", /::|[<>=!|&~@#%^]+|[^]/uy],
];
const RULES: Record<Dialect, Rule[]> = {
  postgresql: [...SHARED, ...POSTGRESQL, ...LAST],
  mysql: [...SHARED, ...MYSQL, ...LAST],
};

/** What a statement consists of, without the white space. Any text is taken, also one that was cut anywhere. */
export function tokensOf(sql: string, dialect: Dialect): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < sql.length;) {
    const token = isSpace(sql, at) ? undefined : tokenAt(sql, at, dialect);
    if (token !== undefined) tokens.push(token);
    at += token?.text.length ?? 1;
  }
  return tokens;
}

function isSpace(sql: string, at: number): boolean {
  return /\s/.test(sql[at] ?? "");
}

function tokenAt(sql: string, at: number, dialect: Dialect): Token {
  if (sql.startsWith("/*", at)) return { kind: "comment", text: sql.slice(at, commentEnd(sql, at, dialect)) };
  for (const [kind, pattern] of RULES[dialect]) {
    pattern.lastIndex = at;
    const text = pattern.exec(sql)?.[0];
    if (text !== undefined && text !== "") return { kind, text };
  }
  return { kind: "sign", text: sql[at] ?? "" };
}

/** PostgreSQL's comments hold comments, MySQL's end with the first end. */
function commentEnd(sql: string, start: number, dialect: Dialect): number {
  const edge = /\/\*|\*\//g;
  edge.lastIndex = start + 2;
  for (let depth = 1; depth > 0;) {
    const found = edge.exec(sql);
    if (found === null) return sql.length;
    if (found[0] === "*/") depth -= 1;
    else if (dialect === "postgresql") depth += 1;
  }
  return edge.lastIndex;
}
