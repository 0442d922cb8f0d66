import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DISTRIBUTED, REFERENCE } from "@/lib/store/distribution";
import { ensurePartitions } from "@/lib/store/partitions";
import { tablesOf } from "../support/citus-limits.ts";
import { testDatabase, type TestDatabase } from "../support/database.ts";
import { type Asked, tapStatements } from "../support/statement-tap.ts";
import { AT, writeOfEverything } from "./previous/writes.ts";

/** What the version before asks of its database, in order: `RECORD_STATEMENTS=1` writes it anew, after a release. */
const FILE = join(import.meta.dirname, "previous/statements.jsonl");
const IS_RECORDING = process.env["RECORD_STATEMENTS"] === "1";

let database: TestDatabase;
beforeAll(async () => void (database = await testDatabase()));
afterAll(() => database.drop());

/** Values as JSON has them, and back. */
type Kept = null | string | number | boolean | Kept[] | { bytes: string } | { time: string } | { whole: string };

function kept(value: unknown): Kept {
  if (typeof value === "bigint") return { whole: String(value) };
  if (value instanceof Date) return { time: value.toISOString() };
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString("base64") };
  if (Array.isArray(value)) return value.map(kept);
  return value as Kept;
}

function revived(value: Kept): unknown {
  if (Array.isArray(value)) return value.map(revived);
  if (value === null || typeof value !== "object") return value;
  if ("bytes" in value) return Buffer.from(value.bytes, "base64");
  return "time" in value ? new Date(value.time) : value.whole;
}

/** Each statement is a transaction of its own here, and partitions were made before. */
const LEFT_OUT = /^\s*(BEGIN|COMMIT|ROLLBACK|SET |SAVEPOINT|RELEASE|CREATE TABLE|LOCK TABLE|DROP TABLE)/i;

if (IS_RECORDING)
  test("records what this version asks", async () => {
    const asked: Asked[] = [];
    const stop = tapStatements((one) => asked.push(one));
    await writeOfEverything(database.db).finally(stop);
    const lines = asked
      .filter(({ text }) => !LEFT_OUT.test(text))
      .map(({ text, values }) => JSON.stringify([text, values.map(kept)]));
    writeFileSync(FILE, `${lines.join("\n")}\n`);
    expect(lines.length).toBeGreaterThan(100);
  });
else {
  const statements = readFileSync(FILE, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as [text: string, values: Kept[]]);

  test("the statements of the version before are about all that is distributed, read and written", () => {
    const seen = new Set(
      statements.flatMap(([text]) =>
        tablesOf(text).map(({ table, command }) => `${command === "select" ? "reads" : "writes"} ${table}`),
      ),
    );
    const tables = [...DISTRIBUTED.map(({ table }) => table), ...REFERENCE];
    // Batches are written by a function, which is in the schema.
    const written = tables.filter((table) => !table.startsWith("batch"));
    expect(written.filter((table) => !seen.has(`writes ${table}`))).toEqual([]);
    expect(tables.filter((table) => !seen.has(`reads ${table}`) && table !== "batch_receipt")).toEqual([]);
    expect(statements.some(([text]) => text.includes("store_batch("))).toBe(true);
  });

  test("they all run on the newest schema", async () => {
    await ensurePartitions(database.db, AT);
    const client = new Client({ connectionString: database.url });
    await client.connect();
    const failed: string[] = [];
    try {
      for (const [text, values] of statements)
        await client
          .query(text, values.map(revived))
          .catch((error: Error) => failed.push(`${error.message}: ${text.slice(0, 300)}`));
    } finally {
      await client.end();
    }
    expect(failed).toEqual([]);
    expect(await database.db.endpointWindow1m.count()).toBeGreaterThan(0);
    expect(await database.db.prefillDecision.count()).toBeGreaterThan(0);
  });
}
