import { lstatSync, statfsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Config } from "../../config.ts";
import { databaseAccount } from "../../store/embedded-account.ts";

/** A file or folder, as far as it matters who may read it. */
export interface Entry {
  path: string;
  /** Permission bits; `null` where the system has none. */
  mode: number | null;
  uid: number;
}

export interface DiskFacts {
  path: string;
  freeBytes: number;
  totalBytes: number;
  /** `null` on file systems that have no fixed number of them. */
  freeInodes: number | null;
  totalInodes: number | null;
}

/** The machine that tailfill runs on, without its database. */
export interface MachineFacts {
  nodeVersion: string;
  /** The account that doctor runs as; `null` on Windows. */
  uid: number | null;
  /** The account that the embedded database runs as. */
  databaseUid: number | null;
  /** Of the embedded database: absent entries are left out. */
  dataDir: Entry | null;
  cluster: Entry | null;
  secrets: Entry[];
  disk: DiskFacts | null;
}

const SECRETS = ["secret", "postgres-password", "demo-key"];

/** Looks at the machine, and changes nothing. Without an embedded database, its disk is not ours to know. */
export function machineFacts({ dataDir, databaseUrl }: Config): MachineFacts {
  const folder = resolve(dataDir);
  const isEmbedded = databaseUrl === undefined;
  const own = process.getuid?.() ?? null;
  return {
    nodeVersion: process.versions.node,
    uid: own,
    databaseUid: databaseAccount()?.uid ?? own,
    dataDir: isEmbedded ? entryAt(folder) : null,
    cluster: isEmbedded ? entryAt(join(folder, "postgres")) : null,
    secrets: isEmbedded ? SECRETS.flatMap((name) => entryAt(join(folder, name)) ?? []) : [],
    disk: isEmbedded ? diskOf(folder) : null,
  };
}

function entryAt(path: string): Entry | null {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return null;
  return { path, mode: process.platform === "win32" ? null : stat.mode & 0o777, uid: stat.uid };
}

function diskOf(path: string): DiskFacts | null {
  try {
    const { bavail, bsize, blocks, files, ffree } = statfsSync(path);
    const inodes = files > 0 ? { freeInodes: ffree, totalInodes: files } : { freeInodes: null, totalInodes: null };
    return { path, freeBytes: bavail * bsize, totalBytes: blocks * bsize, ...inodes };
  } catch {
    return null; // no such folder yet: told of the folder
  }
}
