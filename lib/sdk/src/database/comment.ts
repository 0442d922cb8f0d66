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
  return commentOf(endpoint, op) + text;
}

/** What was written before, by endpoint and op: both are few, and encoding them costs more than all else here. */
let known = new Map<string | undefined, Map<string | undefined, string>>();
let size = 0;
const MOST = 1_000;
const LONGEST_KEPT = 1_000;

function commentOf(endpoint: string | undefined, op: string | undefined): string {
  const before = known.get(endpoint)?.get(op);
  if (before !== undefined) return before;
  if (size >= MOST) [known, size] = [new Map(), 0];
  const made = makeComment(endpoint, op);
  if (made.length > LONGEST_KEPT) return made;
  const ofEndpoint = known.get(endpoint) ?? new Map<string | undefined, string>();
  known.set(endpoint, ofEndpoint.set(op, made));
  size++;
  return made;
}

function makeComment(endpoint: string | undefined, op: string | undefined): string {
  const route = endpoint === undefined ? "" : `route=${encoded(endpoint)}`;
  const comma = route !== "" && op !== undefined ? "," : "";
  return `/*tf:${route}${comma}${op === undefined ? "" : `op=${encoded(op)}`}*/ `;
}

/** Letters, digits and `-._~` stay. Nothing that ends a comment, a string, or that a driver takes for a parameter. */
function encoded(value: string): string {
  const short = value.length > LONGEST ? value.slice(0, LONGEST) : value;
  return encodeURIComponent(short.toWellFormed()).replaceAll(/[!'()*]/g, percent);
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
