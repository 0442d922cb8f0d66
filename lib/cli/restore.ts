import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Config } from "../config.ts";
import { TailfillError } from "../errors.ts";
import { checkBackup } from "../store/backup/check-backup.ts";
import { type Manifest, secretMark } from "../store/backup/manifest.ts";
import type { Restored } from "../store/backup/restore-backup.ts";
import { keptSecret, openDataDir } from "../store/data-dir.ts";
import { lockDataDir } from "../store/data-dir-lock.ts";
import type { Invocation } from "./arguments.ts";
import { askChild, valueOf } from "./ask-child.ts";
import { movedText } from "./backup.ts";
import { built } from "./built.ts";
import { type Reached, runHeldDatabase } from "./reach-database.ts";

/** Brings the database that the settings name to what a backup holds. No server may run on it. */
export async function restore({ config, env, file = "", replace }: Invocation, signal: AbortSignal): Promise<void> {
  const database = await holdDatabase(config, file);
  try {
    const args = [resolve(file), ...(replace ? ["replace"] : [])];
    const plan = { name: "restore", file: built("restore"), args, nodeFlags: [] };
    const answer = await askChild<Restored>(
      { ...plan, env: { ...env, ...database.env, NODE_ENV: "production" } },
      signal,
    );
    if (signal.aborted) throw new TailfillError("interrupted", "The database is as it was.");
    const restored = valueOf(answer, "restores");
    tell(restored);
    console.log(secretText(config, restored.manifest));
  } finally {
    await database.stop();
  }
}

/** The embedded database is made when there is none; for a file that is no good, not even that. */
async function holdDatabase(config: Config, file: string): Promise<Reached> {
  if (config.databaseUrl !== undefined) return { env: {}, stop: () => Promise.resolve() };
  if (!existsSync(join(config.dataDir, "postgres"))) await checkBackup(resolve(file));
  const dataDir = openDataDir(config.dataDir);
  return runHeldDatabase(dataDir, await lockDataDir(dataDir));
}

function tell({ manifest, migrated, ...moved }: Restored): void {
  console.log(`Restored as of ${manifest.at}: ${movedText(moved)}.`);
  if (migrated.length > 0)
    console.log(`It was of tailfill ${manifest.version}, and was migrated: ${migrated.join(", ")}.`);
  console.log("Everybody has to sign in again, and messages that waited to be delivered count as failed.");
}

/** Sees to the secret as far as that can be done: what is sealed with another one cannot be opened. */
function secretText(config: Config, { secretMark: mark, secret }: Manifest): string {
  if (mark === null) return "The backup does not say with which TAILFILL_SECRET it was made.";
  const kept = join(config.dataDir, "secret");
  const isOwn = config.databaseUrl === undefined && config.secret === undefined;
  if (isOwn && secret !== null && !existsSync(kept)) keptSecret(config.dataDir, "secret", () => secret);
  const current = config.secret ?? (isOwn && existsSync(kept) ? keptSecret(config.dataDir, "secret") : undefined);
  if (current !== undefined && secretMark(current) === mark) return "TAILFILL_SECRET is the one of the backup.";
  const where = isOwn ? `write the one of the backup into ${kept}` : "set it to the one of the backup";
  return `TAILFILL_SECRET is not the one of the backup: ${where} before you start, or enter addresses of receivers anew.`;
}
