import { tokensOf, type Dialect, type Token } from "./tokens.ts";

/** Enough to know a statement again; whatever the database cuts off comes later. */
const LONGEST = 500;

/**
 * What statements have in common that differ in their values only: no literal, no parameter, no comment, lists of any
 * length alike, in small letters, white space folded. It holds no value of anybody, so it may be logged and grouped by.
 */
export function fingerprint(sql: string, dialect: Dialect): string {
  const words: string[] = [];
  for (const token of tokensOf(sql, dialect)) if (token.kind !== "comment") put(words, token);
  return tidy(foldLists(words.join(" ")))
    .slice(0, LONGEST)
    .toWellFormed()
    .trimEnd();
}

function put(words: string[], token: Token): void {
  const isValue = token.kind === "literal" || token.kind === "parameter";
  while (isValue && isSigned(words)) words.pop();
  words.push(isValue ? "?" : token.kind === "name" ? token.text : token.text.toLowerCase());
}

/** Whether the last sign belongs to the value that follows: `= -1`, not `a - 1`. */
function isSigned(words: readonly string[]): boolean {
  const [before, sign] = [words.at(-2), words.at(-1)];
  return (
    (sign === "-" || sign === "+") &&
    (before === undefined ||
      /^(?:[(,=<>+*/%|-]|in|and|or|then|else|when|between|limit|offset|select|values|return|returning)$/.test(before))
  );
}

const CAST = "(?: :: [\\p{L}\\d_]+(?: \\[ \\])?)?";
const ITEM = `\\?${CAST}`;
const LIST = new RegExp(`\\( ${ITEM}(?: , ${ITEM})* \\)`, "gu");
const ARRAY = new RegExp(`\\[ ${ITEM}(?: , ${ITEM})* \\]`, "gu");
const ROWS = /\(\?\)(?: , \(\?\))+/g;

function foldLists(text: string): string {
  return text.replaceAll(LIST, "(?)").replaceAll(ARRAY, "[?]").replaceAll(ROWS, "(?)");
}

/** As people write it. What is between two tokens is the same for all statements, so it tells none apart. */
function tidy(text: string): string {
  return text
    .replaceAll(/ (?=[,;)\].])/g, "")
    .replaceAll(/(?<=[([.]) /g, "")
    .replaceAll(" :: ", "::");
}
