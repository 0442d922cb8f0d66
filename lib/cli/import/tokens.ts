import { TailfillError } from "../../errors.ts";

/** A format as literal text and the fields between. */
export interface Tokens {
  /** What stands before the first field. */
  head: string;
  /** Each field with the text behind it. */
  fields: { name: string; behind: string }[];
}

/**
 * Splits a format at its fields.
 * @param field matches one field; its first group is the field's name
 * @throws TailfillError `bad_setting` when two fields touch: no line could be cut between them
 */
export function tokensOf(format: string, field: RegExp): Tokens {
  const fields: Tokens["fields"] = [];
  let head: string | null = null;
  let from = 0;
  for (const match of format.matchAll(field)) {
    const between = format.slice(from, match.index);
    if (head === null) head = between;
    else if (between === "") throw new TailfillError("bad_setting", `--format: nothing stands before ${match[0]}.`);
    else fields.at(-1)!.behind = between;
    fields.push({ name: match.slice(1).find((group) => group !== undefined) ?? match[0], behind: "" });
    from = match.index + match[0].length;
  }
  if (fields.length > 0) fields.at(-1)!.behind = format.slice(from);
  return { head: head ?? format, fields };
}

/**
 * Cuts a line at the text between fields. A quote that is written with a backslash does not end a field. Text behind the last field is no
 * harm: formats grow at their end.
 * @returns the fields' values in the order of the format; `null` when it is not of the format
 */
export function cutLine(line: string, { head, fields }: Tokens): string[] | null {
  if (!line.startsWith(head)) return null;
  const values: string[] = [];
  let from = head.length;
  for (const [place, { behind }] of fields.entries()) {
    const isLast = place === fields.length - 1;
    const end = behind === "" ? endOfLast(line, from) : endOf(line, from, behind);
    if (end < 0 && !(isLast && behind.trim() === "")) return null;
    values.push(line.slice(from, end < 0 ? line.length : end));
    from = (end < 0 ? line.length : end) + behind.length;
  }
  return values;
}

/** Where a field ends that nothing stands behind in the format: at the next space, or the line's end. */
function endOfLast(line: string, from: number): number {
  const space = line.indexOf(" ", from);
  return space < 0 ? line.length : space;
}

function endOf(line: string, from: number, behind: string): number {
  let at = line.indexOf(behind, from);
  if (!behind.startsWith('"')) return at;
  while (at >= 0 && isEscaped(line, at, from)) at = line.indexOf(behind, at + 1);
  return at;
}

/** Whether an odd number of backslashes stands before a place. */
function isEscaped(line: string, at: number, from: number): boolean {
  let first = at;
  while (first > from && line[first - 1] === "\\") first--;
  return (at - first) % 2 === 1;
}
