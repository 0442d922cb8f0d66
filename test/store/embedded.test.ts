import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Embedded, prepareEmbedded } from "@/lib/store/embedded";
import { isRunning } from "../support/processes.ts";
import { until } from "../support/until.ts";

type Server = Awaited<ReturnType<Embedded["start"]>>;

let folder: string;
let opened: { embedded: Embedded; server: Server }[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tailfill-embedded-"));
  opened = [];
});
afterEach(async () => {
  for (const { embedded, server } of opened) {
    await server.stop();
    embedded.close();
  }
  await rm(folder, { recursive: true, force: true });
});

async function begin(): Promise<{ embedded: Embedded; server: Server }> {
  const embedded = await prepareEmbedded(folder);
  const server = await embedded.start();
  opened.push({ embedded, server });
  return { embedded, server };
}

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: "array" })).rows.flat();
  } finally {
    await client.end();
  }
}

test("it syncs, listens to nobody outside, and keeps what was committed over a kill", async () => {
  const { embedded, server } = await begin();
  expect(await ask(embedded.url, "SHOW fsync")).toEqual(["on"]);
  expect(await ask(embedded.url, "SHOW listen_addresses")).toEqual([""]);
  await ask(embedded.url, "CREATE TABLE kept AS SELECT 42 AS n");
  process.kill(server.pid, "SIGKILL");
  await server.ended;
  const again = await embedded.start();
  opened.push({ embedded, server: again });
  expect(await ask(embedded.url, "SELECT n FROM kept")).toEqual([42]);
});

test("its address needs the password", async () => {
  const { embedded } = await begin();
  const wrong = new URL(embedded.url);
  wrong.password = "wrong";
  await expect(ask(wrong.href, "SELECT 1")).rejects.toThrow(/password authentication failed/);
});

test("a server that an earlier start left behind is ended and replaced", async () => {
  const first = await begin();
  await ask(first.embedded.url, "CREATE TABLE kept AS SELECT 42 AS n");
  const second = await begin();
  expect(isRunning(first.server.pid)).toBe(false);
  expect(await ask(second.embedded.url, "SELECT n FROM kept")).toEqual([42]);
});

test("a stale postmaster.pid whose number is another program's does not stop a start, nor that program", async () => {
  const first = await begin();
  await first.server.stop();
  writeFileSync(join(folder, "postgres/postmaster.pid"), `${process.pid}\n${join(folder, "postgres")}\n`);
  const second = await begin();
  expect(await ask(second.embedded.url, "SELECT 1")).toEqual([1]);
});

test("a first start that was interrupted leaves nothing in the way", async () => {
  mkdirSync(join(folder, "postgres-unfinished-abc123/base"), { recursive: true });
  const { embedded } = await begin();
  expect(await ask(embedded.url, "SELECT 1")).toEqual([1]);
  expect(readdirSync(folder).filter((name) => name.startsWith("postgres-unfinished"))).toEqual([]);
});

test("an initdb that outlived a killed first start, and still writes, is not in the way", async () => {
  const unfinished = join(folder, "postgres-unfinished-abc123");
  mkdirSync(unfinished);
  const code = `let i = 0; for (;;) try { require("node:fs").writeFileSync("f" + i++ % 500, ""); } catch { process.exit(); }`;
  const orphan = spawn(process.execPath, ["-e", code], { cwd: unfinished });
  const ended = once(orphan, "exit");
  await until("it writes", () => readdirSync(unfinished).length > 0);
  const { embedded } = await begin();
  expect(await ask(embedded.url, "SELECT 1")).toEqual([1]);
  orphan.kill("SIGKILL");
  await ended;
});

test("a cluster of another major version is refused with what to do", async () => {
  mkdirSync(join(folder, "postgres"));
  writeFileSync(join(folder, "postgres/PG_VERSION"), "17\n");
  const embedded = await prepareEmbedded(folder);
  await expect(embedded.start()).rejects.toMatchObject({
    code: "database_start_failed",
    message: expect.stringMatching(/belongs to PostgreSQL 17.*docs\/operating\.md/) as string,
  });
  embedded.close();
});

test("a failing start shows what PostgreSQL said", async () => {
  const first = await begin();
  await first.server.stop();
  const embedded = await prepareEmbedded(folder, { shared_buffers: "nonsense" });
  await expect(embedded.start()).rejects.toMatchObject({
    code: "database_start_failed",
    message: expect.stringContaining('invalid value for parameter "shared_buffers"') as string,
  });
  embedded.close();
});

test("the socket's folder of a killed start is cleared by the next", async () => {
  const first = await begin();
  const old = await readFile(join(folder, "socket-folder"), "utf8");
  await begin();
  expect(() => readdirSync(old)).toThrow(/ENOENT/);
  first.embedded.close();
});

test("it is stopped within its time even when it is stuck, and starts again", async () => {
  const { embedded, server } = await begin();
  await ask(embedded.url, "CREATE TABLE kept AS SELECT 42 AS n");
  process.kill(server.pid, "SIGSTOP");
  const begun = performance.now();
  await server.stop();
  expect(performance.now() - begun).toBeLessThan(8_000);
  const again = await embedded.start();
  opened.push({ embedded, server: again });
  expect(await ask(embedded.url, "SELECT n FROM kept")).toEqual([42]);
});
