import { TailfillError } from "@/lib/errors";
import { isCommonPassword } from "./common-passwords.ts";

/** Lengths in UTF-16 units. There are no rules about kinds of characters: length is what counts. */
export const PASSWORD = { shortest: 8, longest: 128 } as const;

/** The name of this program, and of an address from so many characters on, are tried first for its own passwords. */
const PRODUCT = "tailfill";
const SHORTEST_NAME = 4;

/**
 * @param email whose password it is to be
 * @throws TailfillError `bad_request` that says what is wrong with a new password, never the password.
 */
export function checkNewPassword(password: string, email: string): void {
  const wrong = problemOf(password, email);
  if (wrong !== null) throw new TailfillError("bad_request", wrong);
}

function problemOf(password: string, email: string): string | null {
  const { shortest, longest } = PASSWORD;
  if (password.length < shortest) return `A password needs at least ${shortest} characters; 15 are better.`;
  if (password.length > longest) return `A password may have at most ${longest} characters.`;
  if (isCommonPassword(password))
    return "This password is one of those that are tried first. Choose another: a few words that do not belong together are good.";
  const name = namesOf(email).find((one) => isLittleMore(password.toLowerCase(), one));
  return name === undefined
    ? null
    : `“${name}” with little around it is tried first. Choose another: a few words are good.`;
}

/** Whether a password holds a name, and without it would be too short or too common. */
function isLittleMore(password: string, name: string): boolean {
  const rest = password.replaceAll(name, "");
  return rest !== password && (rest.length < PASSWORD.shortest || isCommonPassword(rest));
}

function namesOf(email: string): string[] {
  const local = email.toLowerCase().split("@")[0] ?? "";
  return [PRODUCT, ...(local.length >= SHORTEST_NAME ? [local] : [])];
}
