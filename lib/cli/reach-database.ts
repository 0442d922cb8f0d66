import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../config.ts";
import { TailfillError } from "../errors.ts";
import { keptSecret, openDataDir } from "../store/data-dir.ts";
import { type DataDirLock, lockDataDir } from "../store/data-dir-lock.ts";
import { runningEmbeddedUrl } from "../store/embedded.ts";
import { runEmbeddedDatabase } from "./database.ts";

export interface Reached {
  /** Settings that lead a child there. */
  env: Record<string, string>;
  stop(): Promise<void>;
}

/**
 * Leads to the database of the settings: beside a running tailfill and without one; the embedded database is started for as long
 * as it takes.
 */
export async function reachDatabase(config: Config): Promise<Reached> {
  if (config.databaseUrl !== undefined) return { env: {}, stop: () => Promise.resolve() };
  if (!existsSync(join(config.dataDir, "postgres")))
    throw new TailfillError(
      "bad_setting",
      `There is no tailfill in ${config.dataDir}: name its folder with --data-dir.`,
    );
  const dataDir = openDataDir(config.dataDir);
  const secret = config.secret ?? (existsSync(join(dataDir, "secret")) ? keptSecret(dataDir, "secret") : undefined);
  const own: Record<string, string> = secret === undefined ? {} : { TAILFILL_SECRET: secret };
  const lock = await lockDataDir(dataDir).catch(nullWhenHeld);
  if (lock === null)
    return {
      env: { ...embeddedEnv(runningEmbeddedUrl(dataDir)), ...own },
      stop: () => Promise.resolve(),
    };
  const running = await runHeldDatabase(dataDir, lock);
  return { ...running, env: { ...running.env, ...own } };
}

/** The embedded database of a data directory that is held, until `stop`, which lets it go. */
export async function runHeldDatabase(dataDir: string, lock: DataDirLock): Promise<Reached> {
  const running = await runEmbeddedDatabase(dataDir).catch(async (error: unknown) => {
    await lock.release();
    throw error;
  });
  return { env: embeddedEnv(running.url), stop: () => running.stop().then(() => lock.release()) };
}

const embeddedEnv = (url: string) => ({ DATABASE_URL: url, TAILFILL_EMBEDDED: "1" });

function nullWhenHeld(error: unknown): null {
  if (error instanceof TailfillError && error.code === "data_dir_held") return null;
  throw error;
}
