import { randomBytes } from "node:crypto";
import { accessSync, constants, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { TailfillError } from "../errors.ts";

/**
 * Makes the data directory, open to this account alone, and checks that it can be written to.
 * @returns its absolute path
 * @throws TailfillError `disk_full`, or `bad_setting` that names the directory
 */
export function openDataDir(path: string): string {
  const folder = resolve(path);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return folder;
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    if (reason === "ENOSPC") throw new TailfillError("disk_full", `No space left for ${folder}.`, { cause });
    const message = `TAILFILL_DATA_DIR (--data-dir) ${folder} cannot be used: ${reason}`;
    throw new TailfillError("bad_setting", message, { cause });
  }
}

/**
 * A random secret that is made once and kept in a file of the data directory, readable by this account alone.
 * Written beside and renamed, so that a kill leaves no half secret.
 */
export function keptSecret(dataDir: string, name: string, make = () => randomBytes(32).toString("hex")): string {
  const file = join(dataDir, name);
  if (!existsSync(file)) {
    writeFileSync(`${file}.new`, make(), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
  return readFileSync(file, "utf8").trim();
}
