import { TailfillError } from "@/lib/errors";

/** Lengths in UTF-16 units. There are no rules about kinds of characters: length is what counts. */
export const PASSWORD = { shortest: 8, longest: 128 } as const;

/** @throws TailfillError `bad_request` that says what is wrong with a new password, never the password. */
export function checkNewPassword(password: string): void {
  if (password.length < PASSWORD.shortest)
    throw new TailfillError("bad_request", `A password needs at least ${PASSWORD.shortest} characters; 15 are better.`);
  if (password.length > PASSWORD.longest)
    throw new TailfillError("bad_request", `A password may have at most ${PASSWORD.longest} characters.`);
}
