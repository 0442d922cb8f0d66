import { registerKeyAtStart } from "../auth/api-keys.ts";
import { createFirstUser, createSetupLink } from "../auth/first-user.ts";
import { type Config, config } from "../config.ts";
import { systemClock } from "../clock.ts";
import { type ErrorCode, TailfillError } from "../errors.ts";
import { type Db, closeDb, db } from "../store/db.ts";
import { migrate } from "../store/migrate.ts";
import { ensurePartitions } from "../store/partitions.ts";

/** What `start` gets back over the channel. */
export interface Prepared {
  migrated: string[];
  /** For the first visit; null when a user exists. */
  setupToken: string | null;
  error?: { code: ErrorCode; message: string };
}

/**
 * Brings the database up to date and makes what the settings ask for, in a process of its own that then ends: `start`
 * itself stays small.
 */
async function prepare(settings: Config): Promise<Prepared> {
  const migrated = await migrate(settings.databaseUrl ?? "");
  await ensurePartitions(db(), systemClock.now());
  await registerSettings(db(), settings);
  return { migrated, setupToken: await createSetupLink(db()) };
}

async function registerSettings(database: Db, { adminEmail, adminPassword, apiKey }: Config): Promise<void> {
  if (apiKey !== undefined) await registerKeyAtStart(database, apiKey);
  if (adminEmail !== undefined && adminPassword !== undefined)
    await createFirstUser(database, { email: adminEmail, password: adminPassword });
}

function asFailure(error: unknown): Prepared {
  const known = error instanceof TailfillError ? error : undefined;
  const message = error instanceof Error ? error.message : String(error);
  return { migrated: [], setupToken: null, error: { code: known?.code ?? "internal", message } };
}

process.on("SIGINT", () => undefined); // Ctrl-C is the parent's business
process.on("disconnect", () => process.exit(1)); // the parent is gone
const answer = await prepare(config()).catch(asFailure);
await closeDb();
process.send?.(answer, () => process.exit(0));
