import { randomBytes } from "node:crypto";
import { inject } from "vitest";
import { type Db, openDb } from "@/lib/store/db";
import { sql, withDatabase } from "./global-setup.ts";
import { until } from "./until.ts";

export interface TestDatabase {
  url: string;
  db: Db;
  /** Closes `db` and removes the database. */
  drop(): Promise<void>;
}

/** A fresh migrated database of this suite's own. The caller drops it (`afterAll`). */
export async function testDatabase(): Promise<TestDatabase> {
  const { url, remove } = await emptyCopy();
  const db = openDb(url, 5);
  const drop = async () => {
    await db.$disconnect();
    await remove();
  };
  return { url, db, drop };
}

/** An empty database without any table, for suites that migrate by themselves. */
export async function emptyDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const { url, remove } = await newDatabase("template0");
  return { url, drop: remove };
}

/** PostgreSQL copies a template only while nobody else is connected to it; whoever is (autovacuum, say) is gone soon. */
async function copied(server: string, name: string, template: string): Promise<boolean> {
  try {
    await sql(server, `CREATE DATABASE ${name} TEMPLATE ${template}`);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === "55006") return false;
    throw error;
  }
}

function emptyCopy() {
  return newDatabase(inject("templateDatabase"));
}

async function newDatabase(template: string): Promise<{ url: string; remove: () => Promise<void> }> {
  const server = inject("postgresUrl");
  const name = `tailfill_test_${randomBytes(6).toString("hex")}`;
  await until(`${template} can be copied`, () => copied(server, name, template));
  return { url: withDatabase(server, name), remove: () => sql(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}
