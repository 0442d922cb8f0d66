import { resolve } from "node:path";
import { TailfillError } from "../errors.ts";
import { removeUnfinished } from "../store/backup/whole-file.ts";
import type { Moved } from "../store/backup/write-backup.ts";
import type { Invocation } from "./arguments.ts";
import { askChild, valueOf } from "./ask-child.ts";
import { built } from "./built.ts";
import { reachDatabase } from "./reach-database.ts";

/**
 * Writes a backup of the database that the settings name, beside a running server and without one. The file is there whole at the
 * end, or not at all.
 */
export async function makeBackup(
  { config, env, file = "", withSecret }: Invocation,
  signal: AbortSignal,
): Promise<void> {
  const path = resolve(file);
  const database = await reachDatabase(config);
  try {
    const args = [path, ...(withSecret ? ["with-secret"] : [])];
    const plan = { name: "backup", file: built("backup"), args, nodeFlags: [] };
    const answer = await askChild<Moved>({ ...plan, env: { ...env, ...database.env, NODE_ENV: "production" } }, signal);
    if (answer === undefined) await removeUnfinished(path);
    if (signal.aborted) throw new TailfillError("interrupted", `${path} was not written.`);
    console.log(`${path}: ${movedText(valueOf(answer, "backs up"))}`);
    console.log(
      withSecret
        ? "It holds TAILFILL_SECRET as well: keep it as you keep that."
        : "It does not hold TAILFILL_SECRET: keep that elsewhere, or addresses of receivers cannot be read.",
    );
  } finally {
    await database.stop();
  }
}

/** "47 tables, 1,234,567 rows, 45.2 MB before compression". */
export function movedText({ tables, rows, bytes }: Moved): string {
  const megabytes = (bytes / 1e6).toLocaleString("en", { maximumFractionDigits: 1 });
  return `${tables} tables, ${rows.toLocaleString("en")} rows, ${megabytes} MB before compression`;
}
