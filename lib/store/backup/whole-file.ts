import { randomBytes } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import { open, readdir, rename } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { Readable, type Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { TailfillError } from "../../errors.ts";
import { isBackup } from "./frames.ts";

const UNFINISHED = ".unfinished-";

/**
 * Writes a file that is there whole, on the disk, or not at all: beside its name first, readable by this account alone. What a
 * killed process left of an earlier one is removed.
 * @param transforms what the bytes go through on their way
 * @throws TailfillError `bad_setting` when the name is taken by something else than a backup; `disk_full`
 */
export async function writeWhole(
  file: string,
  bytes: AsyncIterable<Buffer>,
  transforms: { before: Buffer; through: Transform },
): Promise<void> {
  const path = resolve(file);
  await refuseOther(path);
  await removeUnfinished(path);
  const beside = `${path}${UNFINISHED}${randomBytes(4).toString("hex")}`;
  try {
    await write(beside, bytes, transforms);
    await rename(beside, path);
    await syncFolder(dirname(path));
  } catch (cause) {
    rmSync(beside, { force: true });
    throw explained(cause, path);
  }
}

async function write(
  path: string,
  bytes: AsyncIterable<Buffer>,
  { before, through }: { before: Buffer; through: Transform },
): Promise<void> {
  const handle = await open(path, "wx", 0o600);
  try {
    await handle.appendFile(before);
    await pipeline(Readable.from(bytes), through, async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) await handle.appendFile(chunk);
    });
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function refuseOther(path: string): Promise<void> {
  if (!existsSync(path)) return;
  if (await isBackup(path).catch(() => false)) return;
  throw new TailfillError("bad_setting", `${path} is there and is no backup: choose another name.`);
}

/** What is left of earlier tries for this name. Nobody else makes such names. */
export async function removeUnfinished(path: string): Promise<void> {
  const prefix = basename(path) + UNFINISHED;
  const names = await readdir(dirname(path)).catch(() => []);
  for (const name of names) if (name.startsWith(prefix)) rmSync(join(dirname(path), name), { force: true });
}

/** So that the new name is on the disk too. Windows cannot open folders. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function explained(cause: unknown, path: string): unknown {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === "ENOSPC" || code === "EDQUOT")
    return new TailfillError("disk_full", `No space left for ${path}: nothing was written.`, { cause });
  if (code === "ENOENT" || code === "EACCES" || code === "EROFS" || code === "ENOTDIR")
    return new TailfillError("bad_setting", `${path} cannot be written (${code}): choose another place.`, { cause });
  return cause;
}
