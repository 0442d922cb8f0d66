import { registerKeyAtStart } from "../auth/api-keys.ts";
import { createFirstUser, createSetupLink } from "../auth/first-user.ts";
import { type Config, config } from "../config.ts";
import { systemClock } from "../clock.ts";
import { TailfillError } from "../errors.ts";
import { type Db, db } from "../store/db.ts";
import { migrate } from "../store/migrate.ts";
import { ensurePartitions } from "../store/partitions.ts";
import { answerOnce } from "./answer-once.ts";
import { WITHOUT_LINK } from "./without-link.ts";

/** What `start` gets back over the channel. */
export interface Prepared {
  migrated: string[];
  /** For the first visit; null when a user exists, or with `WITHOUT_LINK`. */
  setupToken: string | null;
}

/**
 * Brings the database up to date and makes what the settings ask for, in a process of its own that then ends: `start`
 * itself stays small.
 */
async function prepare(settings: Config): Promise<Prepared> {
  const migrated = await migrate(settings.databaseUrl ?? "");
  await ensurePartitions(db(), systemClock.now());
  await registerSettings(db(), settings);
  // A newer link ends the one before: a worker, which nobody visits, must not end the one that a web process printed.
  const setupToken = process.argv.includes(WITHOUT_LINK) ? null : await createSetupLink(db());
  return { migrated, setupToken };
}

async function registerSettings(database: Db, { adminEmail, adminPassword, apiKey }: Config): Promise<void> {
  if (apiKey !== undefined) await registerKeyAtStart(database, apiKey);
  if (adminEmail !== undefined && adminPassword !== undefined)
    await createFirstUser(database, { email: adminEmail, password: adminPassword }).catch(asBadSetting);
}

/** What is wrong with the first user is wrong with the settings that name them. */
function asBadSetting(error: unknown): never {
  if (!(error instanceof TailfillError) || error.code !== "bad_request") throw error;
  throw new TailfillError("bad_setting", `TAILFILL_ADMIN_EMAIL, TAILFILL_ADMIN_PASSWORD: ${error.message}`);
}

await answerOnce(() => prepare(config()));
