import type { UserId } from "./client-type.ts";
import { Sealer } from "./pseudonym.ts";

/**
 * The function that turns what the app calls a user into what leaves the process. With a pseudonym key that is none,
 * requests are counted without users: an id that should have been sealed must never leave in the clear.
 */
export function createNamer(
  pseudonymKey: string | Uint8Array | undefined,
  warn: (code: string, message: string) => void,
): (user: UserId) => string | undefined {
  if (pseudonymKey === undefined) return plainName;
  try {
    const sealer = new Sealer(pseudonymKey);
    return (user) => {
      const name = plainName(user);
      return name === undefined ? undefined : sealer.seal(name);
    };
  } catch (error) {
    warn(
      "pseudonym_key",
      `requests are counted without their users: ${error instanceof Error ? error.message : String(error)}`,
    );
    return () => undefined;
  }
}

function plainName(user: UserId): string | undefined {
  if (typeof user === "string") return user === "" ? undefined : user;
  if (typeof user === "bigint" || (typeof user === "number" && !Number.isNaN(user))) return String(user);
  return undefined;
}
