/** V8 copies pieces of strings shorter than this, and lets longer ones point into the string that they are a piece of. */
const SHORTEST_SLICE = 13;

/**
 * The same text as a string of its own. The id that an app hands over may be a piece of a cookie or of a URL, all of which
 * would stay in memory for as long as the id.
 */
export function ownString(text: string): string {
  return text.length < SHORTEST_SLICE ? text : Buffer.from(text).toString();
}
