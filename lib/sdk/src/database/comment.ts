/** Databases show the first kilobyte of a running statement: most of it is the statement's. */
const LONGEST = 200;

const SPACE_OR_COMMENT = /^\s*(?:$|\/\*|--|#)/;

/**
 * The statement with a comment in front that says where it comes from: `/*tf:route=GET%20%2Fusers%2F%3Aid,op=User.findMany*\/`.
 * In front, since databases cut long statements at the end. Both values must be few: with each new text a database plans
 * anew. What is empty stays so, and what begins with a comment stays too: it may be a hint, which counts only in front.
 */
export function commented(text: string, endpoint: string | undefined, op: string | undefined): string {
  if (endpoint === undefined && op === undefined) return text;
  if (SPACE_OR_COMMENT.test(text)) return text;
  const route = endpoint === undefined ? "" : `route=${encoded(endpoint)}`;
  const comma = route !== "" && op !== undefined ? "," : "";
  return `/*tf:${route}${comma}${op === undefined ? "" : `op=${encoded(op)}`}*/ ${text}`;
}

/** Letters, digits and `-._~` stay. Nothing that ends a comment, a string, or that a driver takes for a parameter. */
function encoded(value: string): string {
  const short = value.length > LONGEST ? value.slice(0, LONGEST) : value;
  return encodeURIComponent(short.toWellFormed()).replaceAll(/[!'()*]/g, percent);
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
