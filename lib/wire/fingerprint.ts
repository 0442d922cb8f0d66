/** Databases differ in what `"…"`, `` `…` `` and a backslash mean. Everything but MySQL and MariaDB reads as PostgreSQL does. */
export type Dialect = "postgresql" | "mysql";

/** Enough to know a statement again. */
const LONGEST = 500;
/** Longer statements differ in the length of their lists as a rule, and a list is one `?`. */
const READ = 8_192;

/** What a token is, by the first group that took it: white space and comments count for nothing. */
const NUMBER = String.raw`0[xXoObB][\da-fA-F_]+|\d[\d_]*(?:\.[\d_]*)?(?:[eE][+-]?\d+)?|\.\d[\d_]*(?:[eE][+-]?\d+)?`;
const WORD = String.raw`[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*`;
const SIGN = String.raw`::|->>?|[<>=!|&~@#%^]+|[^]`;
/** What has no end, because the text was cut, ends with the text. */
const PATTERNS: Record<Dialect, RegExp> = {
  postgresql: new RegExp(
    String.raw`(\s+|--[^\n]*)|` +
      String.raw`([eE]'(?:[^'\\]|\\[^]|'')*(?:'|\\?$)|(?:[bBxXnN]|[uU]&)?'(?:[^']|'')*(?:'|$)|` +
      String.raw`\$(${WORD.replaceAll("$", "")})?\$(?:(?!\$\3\$)[^])*(?:\$\3\$|$)|\$\d+|\?|${NUMBER})|` +
      String.raw`("(?:[^"]|"")*(?:"|$))|(${WORD})|(${SIGN})`,
    "y",
  ),
  mysql: new RegExp(
    String.raw`(\s+|--(?=\s|$)[^\n]*|#[^\n]*)|` +
      String.raw`([bBxXnN]?'(?:[^'\\]|\\[^]|'')*(?:'|\\?$)|"(?:[^"\\]|\\[^]|"")*(?:"|\\?$)|()\?|${NUMBER})|` +
      "(`(?:[^`]|``)*(?:`|$))|" +
      String.raw`(${WORD})|(${SIGN})`,
    "y",
  ),
};

/**
 * What statements have in common that differ in their values only: no literal, no parameter, no comment, lists of any
 * length alike, in small letters, white space folded. It holds no value of anybody, so it may be logged and counted by.
 */
export function fingerprint(sql: string, dialect: Dialect = "postgresql"): string {
  const text = sql.length > READ ? sql.slice(0, READ) : sql;
  const words = wordsOf(text, dialect);
  while (words.at(-1) === ";") words.pop();
  return foldLists(joined(words)).slice(0, LONGEST).toWellFormed().trimEnd();
}

function wordsOf(text: string, dialect: Dialect): string[] {
  const words: string[] = [];
  const pattern = PATTERNS[dialect];
  for (let at = 0; at < text.length;) {
    if (text.startsWith("/*", at)) {
      at = commentEnd(text, at, dialect);
      continue;
    }
    pattern.lastIndex = at;
    const [whole = text[at] as string, , value, , name, word] = pattern.exec(text) ?? [];
    at += whole.length;
    if (value !== undefined) putValue(words);
    else if (name !== undefined) words.push(name);
    else if (word !== undefined) words.push(word.toLowerCase());
    else if (whole.trim() !== "" && !isLineComment(whole, dialect)) words.push(whole);
  }
  return words;
}

/** PostgreSQL's comments hold comments, MySQL's end with the first end. */
function commentEnd(text: string, start: number, dialect: Dialect): number {
  const edge = /\/\*|\*\//g;
  edge.lastIndex = start + 2;
  for (let depth = 1; depth > 0;) {
    const found = edge.exec(text);
    if (found === null) return text.length;
    if (found[0] === "*/") depth -= 1;
    else if (dialect === "postgresql") depth += 1;
  }
  return edge.lastIndex;
}

function isLineComment(token: string, dialect: Dialect): boolean {
  return token.startsWith("--") || (dialect === "mysql" && token.startsWith("#"));
}

const SIGNED = /^(?:[([,=<>+*/%|-]+|in|and|or|then|else|when|between|limit|offset|select|values|return|returning)$/;

/** A sign belongs to the value that follows where nothing stands before that it could be added to: `= -1`, not `a - 1`. */
function putValue(words: string[]): void {
  for (let sign = words.at(-1); sign === "-" || sign === "+"; sign = words.at(-1)) {
    const before = words.at(-2);
    if (before !== undefined && !SIGNED.test(before)) break;
    words.pop();
  }
  words.push("?");
}

const NO_SPACE_BEFORE = /^(?:[,;)\][.]|::)$/;
const NO_SPACE_AFTER = /^(?:[([.]|::)$/;
/** Before a parenthesis: what is no name of a function, type or table. */
const KEYWORD =
  /^(?:in|values|and|or|not|exists|on|as|from|join|over|using|where|select|then|when|else|by|with|set|returning|union|except|intersect|lateral|filter|between|like|is|limit|offset|having|case|add|only|do|conflict)$/;

/** As people write it. What stands between two tokens is the same for all statements, so it tells none apart. */
function joined(words: readonly string[]): string {
  let text = "";
  let before = "(";
  for (const word of words) {
    text += hasSpace(before, word) ? ` ${word}` : word;
    before = word;
  }
  return text;
}

function hasSpace(before: string, word: string): boolean {
  if (NO_SPACE_AFTER.test(before) || NO_SPACE_BEFORE.test(word)) return false;
  return word !== "(" || KEYWORD.test(before) || !/[\w\u0080-\uffff]$/.test(before);
}

const CAST = String.raw`(?:::[\w.]+(?: ?\[\])*)?`;
const LIST = new RegExp(String.raw`\?${CAST}(?:, \?${CAST})+`, "g");
const ROWS = /(\([^()]*\))(?:, \1)+/g;

function foldLists(text: string): string {
  return text.replaceAll(LIST, "?").replaceAll(ROWS, "$1");
}
