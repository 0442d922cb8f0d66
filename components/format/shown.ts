/** A piece of a text that an app sent: as it stands, or the visible stand-in of a character that would not be seen. */
export interface ShownPart {
  text: string;
  /** Whether it stands for a character that is invisible or changes how its neighbours are written. */
  escape: boolean;
}

/**
 * Characters that cannot be seen or that act on what stands around them: controls, line ends, overrides of the direction of
 * writing, zero-width ones, all blanks but the common one. Private and unassigned ones have no picture either.
 */
const UNSEEN = String.raw`[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}\p{DI}]|(?! )\p{Zs}`;
/** A common blank that the page would swallow: at an end, or after another one. */
const LOST_BLANK = String.raw`^ | $|(?<= ) `;
/** Emoji are joined by a zero-width joiner and coloured by a variation selector: there, these are part of what is seen. */
const JOINED = String.raw`(?<=[\p{ExtPict}\p{EMod}]\uFE0F?)\u200D(?=\p{ExtPict})|(?<=[\p{ExtPict}\d#*])\uFE0F`;

const PART = new RegExp(`${JOINED}|(?<escape>${LOST_BLANK}|${UNSEEN})`, "gu");
const NAMES: Record<string, string> = { "\0": "\\0", "\t": "\\t", "\n": "\\n", "\r": "\\r" };

/** A text from outside as parts that can be drawn: nothing in it is invisible or acts on the page around it. */
export function shownParts(text: string): ShownPart[] {
  const parts: ShownPart[] = [];
  let done = 0;
  for (const { 0: found, index, groups } of text.matchAll(PART)) {
    if (groups?.["escape"] === undefined) continue;
    if (index > done) parts.push({ text: text.slice(done, index), escape: false });
    parts.push({ text: nameOf(found), escape: true });
    done = index + found.length;
  }
  if (done < text.length) parts.push({ text: text.slice(done), escape: false });
  return parts;
}

const nameOf = (character: string): string =>
  NAMES[character] ?? `\\u{${character.codePointAt(0)!.toString(16).toUpperCase()}}`;

/** The same as one text, for places that hold nothing but text: hover, tab titles, charts. */
export function shownText(text: string): string {
  return shownParts(text)
    .map((part) => part.text)
    .join("");
}

/** `shownText` cut to at most so many characters, the last one a sign that it was cut. */
export function shownShort(text: string, most: number): string {
  const characters = Array.from(shownText(text.slice(0, 2 * most)));
  if (characters.length <= most && text.length <= 2 * most) return characters.join("");
  return `${characters.slice(0, most - 1).join("")}…`;
}
