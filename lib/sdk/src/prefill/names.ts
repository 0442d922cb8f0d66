import { cleanName } from "../../../wire/index.ts";
import { Sealer } from "../pseudonym.ts";

/** Ids of users in the app, and what leaves the process in their place. */
export interface Names {
  /** Undefined for an id that could not be had back from its name. */
  readonly nameOf: (user: string) => string | undefined;
  /** Null for what is no name of ours. */
  readonly userOf: (name: string) => string | null;
}

/** An id this short is sealed whole. */
const SURELY_WHOLE = 57;

/** Ids as they are: all but those too long, or with characters that are not kept. */
const plain: Names = {
  nameOf: (user) => (user !== "" && cleanName(user) === user ? user : undefined),
  userOf: (name) => (name === "" ? null : name),
};

/** @throws TypeError when the key is not one */
export function namesBy(pseudonymKey: string | Uint8Array | undefined): Names {
  if (pseudonymKey === undefined) return plain;
  const sealer = new Sealer(pseudonymKey);
  return {
    nameOf: (user) => {
      if (user === "") return undefined;
      const name = sealer.seal(user);
      return user.length <= SURELY_WHOLE || sealer.open(name) === user ? name : undefined;
    },
    userOf: (name) => sealer.open(name),
  };
}
