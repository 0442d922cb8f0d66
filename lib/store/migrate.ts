import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { MigrationDirectory } from "@prisma/schema-engine-wasm";
import type { Client } from "pg";
import { TailfillError } from "../errors.ts";
import { connectClient } from "./client.ts";
import { repositoryRoot } from "./repository-root.ts";
import { openSchemaEngine } from "./schema-engine.ts";

/** Any fixed number, the same in every release: two starts, or a start and a restore, must meet on it. */
export const MIGRATION_LOCK = 7_243_391_801;
/** The folder of the migrations that this version knows. */
export const migrationsFolder = (): string => join(repositoryRoot(), "prisma", "migrations");

/**
 * Brings the database up to date with `prisma/migrations`, in Prisma's own format (`_prisma_migrations` with
 * checksums; `prisma migrate deploy` does the same). Of two starts at once one migrates and the other waits.
 * @returns the names of the migrations applied now
 * @throws TailfillError `database_unavailable` when it cannot be reached; `migration_failed` when one failed now or
 *   earlier, with the database's message: later ones are not tried
 */
export async function migrate(url: string, folder = migrationsFolder()): Promise<string[]> {
  const client = await connectClient(url);
  try {
    await client.query("SELECT pg_advisory_lock($1)", [MIGRATION_LOCK]);
    return await apply(client, url, folder);
  } finally {
    await client.end().catch(() => undefined); // the lock goes with the connection
  }
}

async function apply(client: Client, url: string, folder: string): Promise<string[]> {
  const migrationDirectories = await readMigrations(folder);
  const done = new Set(await finished(client));
  if (migrationDirectories.every(({ path }) => done.has(path))) return []; // the usual start needs no engine
  const lockfile = {
    path: "migration_lock.toml",
    content: await readFile(join(folder, "migration_lock.toml"), "utf8"),
  };
  const migrationsList = { baseDir: folder, lockfile, shadowDbInitScript: "", migrationDirectories };
  let failure: unknown;
  const runScript = (sql: string) =>
    client.query(`${sql}\n;${FINISHED}`).then(
      () => undefined,
      (error: unknown) => Promise.reject((failure = error)),
    );
  const engine = await openSchemaEngine(url, runScript);
  try {
    for (const migrationName of await unfinished(client)) await engine.markMigrationRolledBack({ migrationName });
    const filters = { externalTables: [], externalEnums: [] };
    return (await engine.applyMigrations({ migrationsList, filters })).appliedMigrationNames;
  } catch (cause) {
    const [name = "a migration"] = await unfinished(client).catch(() => []);
    const message = `The database could not be migrated: ${name} failed and was rolled back: ${messageOf(failure ?? cause)}`;
    throw new TailfillError("migration_failed", message, { cause });
  } finally {
    await engine.close();
  }
}

/**
 * A migration's SQL runs as one query, so in one transaction, and this marks it as finished in the same transaction.
 * So one that is not marked has left nothing behind, whenever the process was killed, and may be tried again.
 * (A migration with transaction control of its own would break this.)
 */
const FINISHED = `UPDATE _prisma_migrations SET finished_at = now() WHERE finished_at IS NULL AND rolled_back_at IS NULL`;

const unfinished = (client: Client): Promise<string[]> => names(client, "finished_at IS NULL");
const finished = (client: Client): Promise<string[]> => names(client, "finished_at IS NOT NULL");

async function names(client: Client, condition: string): Promise<string[]> {
  const known = await client.query("SELECT to_regclass('_prisma_migrations') IS NOT NULL AS known");
  if (!(known.rows as { known: boolean }[])[0]?.known) return [];
  const { rows } = await client.query(
    `SELECT migration_name AS name FROM _prisma_migrations WHERE ${condition} AND rolled_back_at IS NULL`,
  );
  return (rows as { name: string }[]).map(({ name }) => name);
}

async function readMigrations(folder: string): Promise<MigrationDirectory[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (path) => {
      const value = await readFile(join(folder, path, "migration.sql"), "utf8");
      return { path, migrationFile: { path: "migration.sql", content: { tag: "ok", value } } };
    }),
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
