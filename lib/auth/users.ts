import { TailfillError } from "@/lib/errors";
import { listAccounts, removeAccount } from "@/lib/store/accounts";
import { db as processDb, type Db } from "@/lib/store/db";

/** Somebody who may sign in here (not a user of a watched app). */
export interface Person {
  id: string;
  name: string;
  email: string;
  createdAt: Date;
  /** When a session of theirs was last used, give or take ten minutes; null when none is left. */
  lastSeenAt: Date | null;
}

/** Oldest account first. */
export function listPeople(db: Db = processDb()): Promise<Person[]> {
  return listAccounts(db);
}

/**
 * Removes somebody; their sessions end with it. API keys that they made belong to the server and stay.
 * @throws TailfillError `not_found`, `forbidden` for the last account
 */
export async function removePerson(id: string, db: Db = processDb()): Promise<void> {
  const outcome = await removeAccount(db, id);
  if (outcome === "unknown") throw new TailfillError("not_found", "There is nobody of this id.");
  if (outcome === "last")
    throw new TailfillError("forbidden", "The last account cannot be removed: invite somebody first.");
}
