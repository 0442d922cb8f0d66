import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, expect, inject, test } from "vitest";
import { until } from "@/test/support/until";
import { app, shop, watched, type Shop } from "./shop";

let db: Shop;
beforeAll(async () => {
  db = await shop();
});
afterAll(() => db?.remove());

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanup.splice(0).toReversed()) await undo();
});

/** A pg_dump refuses a server that is newer than itself. */
async function canDump(): Promise<boolean> {
  const [, own = "0"] = /(\d+)/.exec(spawnSync("pg_dump", ["--version"], { encoding: "utf8" }).stdout ?? "") ?? [];
  const client = new Client({ connectionString: inject("postgresUrl") });
  await client.connect();
  const { rows } = await client.query<{ version: number }>(
    "SELECT current_setting('server_version_num')::int / 10000 AS version",
  );
  await client.end();
  return Number(own) >= (rows[0]?.version ?? Infinity);
}

test("a dump by pg_dump that takes longer than the limit is left alone to its end", async ({ skip }) => {
  if (!(await canDump())) skip("no pg_dump that is as new as the server");
  const work = await app(db.url, cleanup);
  // More than what fits between the two: the dump waits for whoever reads it.
  await work.run("CREATE TABLE big AS SELECT i AS a, repeat('x', 1000) AS b FROM generate_series(1, 30000) i");
  const guard = await watched(
    { databaseUrl: db.url, over: 0.2, apply: true, terminate: true, includeWrites: true, mostAtOnce: 100 },
    cleanup,
  );
  const dump = spawn("pg_dump", ["--dbname", db.url], { stdio: ["ignore", "pipe", "pipe"] });
  cleanup.push(() => dump.kill("SIGKILL"));
  const told = await until("it is told of", () =>
    guard.records.find(({ applicationName }) => applicationName === "pg_dump"),
  );
  expect(told).toMatchObject({ action: "spare", reason: "protected_application" });
  const { rounds } = guard.guard.stats();
  await until("it has looked again", () => guard.guard.stats().rounds > rounds + 5);
  let [last, said] = ["", ""];
  dump.stdout.on("data", (chunk: Buffer) => (last = (last + String(chunk)).slice(-500)));
  dump.stderr.on("data", (chunk: Buffer) => (said += String(chunk)));
  const [code] = (await once(dump, "close")) as [number];
  expect({ code, said }).toEqual({ code: 0, said: "" });
  expect(last).toContain("PostgreSQL database dump complete");
  expect(guard.guard.stats()).toMatchObject({ cancelled: 0, terminated: 0 });
});
