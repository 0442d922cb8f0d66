import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import type { TestProject } from "vitest/node";
import { migrate } from "@/lib/store/migrate";
import { prepareEmbedded } from "@/lib/store/embedded";

declare module "vitest" {
  export interface ProvidedContext {
    /** Where test databases are made. */
    postgresUrl: string;
    /** A migrated, empty database to copy. */
    templateDatabase: string;
  }
}

/** Once for a run of vitest: a PostgreSQL, and in it one migrated database that each suite copies. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const outside = process.env["TEST_POSTGRES_URL"];
  const server = outside ? { url: outside, stop: () => Promise.resolve() } : await embeddedServer();
  const template = `tailfill_template_${randomBytes(6).toString("hex")}`;
  try {
    await sql(server.url, `CREATE DATABASE ${template}`);
    await migrate(withDatabase(server.url, template));
  } catch (error) {
    await server.stop();
    throw error;
  }
  project.provide("postgresUrl", server.url);
  project.provide("templateDatabase", template);
  return async () => {
    await sql(server.url, `DROP DATABASE IF EXISTS ${template} WITH (FORCE)`);
    await server.stop();
  };
}

/** Its data are thrown away afterwards, so nothing waits for the disk. */
async function embeddedServer(): Promise<{ url: string; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), "tailfill-test-"));
  const fast = { fsync: "off", synchronous_commit: "off", full_page_writes: "off", max_connections: "200" };
  const embedded = await prepareEmbedded(folder, fast);
  const server = await embedded.start();
  const stop = async () => {
    await server.stop();
    embedded.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { url: embedded.url, stop };
}

/** The same server's address for another database. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.toString();
}

/** Runs one statement on a connection of its own. */
export async function sql(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
