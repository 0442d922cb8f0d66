import { lstatSync, readdirSync, statSync, chownSync, lchownSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** The operating-system account that PostgreSQL runs as. */
export interface Account {
  uid: number;
  gid: number;
}

/** `nobody` by number: PostgreSQL refuses to run as root, and no account has to be made for it. */
const NOBODY: Account = { uid: 65534, gid: 65534 };

/** The account to change to, or undefined when this process' own will do (it is not root, or this is Windows). */
export function databaseAccount(): Account | undefined {
  return process.getuid?.() === 0 ? NOBODY : undefined;
}

/** Whether an account that owns nothing here can reach `path`: each folder on the way lets others pass. */
export function othersCanReach(path: string): boolean {
  const full = resolve(path);
  if ((statSync(full).mode & 0o001) === 0) return false;
  return full === dirname(full) || othersCanReach(dirname(full));
}

/**
 * Gives a folder and all in it to an account. Nothing is touched where the owner is right already, and what goes away
 * meanwhile (the last processes of a killed server tidy up) needs no owner.
 */
export function giveTo(account: Account, path: string): void {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return;
  if (stat.uid !== account.uid) (stat.isSymbolicLink() ? lchownSync : chownSync)(path, account.uid, account.gid);
  if (stat.isDirectory()) for (const name of readdirSync(path)) giveTo(account, join(path, name));
}
