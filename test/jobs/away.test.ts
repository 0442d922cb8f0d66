import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startWorker } from "@/lib/jobs/run";
import { testDatabase, type TestDatabase } from "../support/database.ts";
import { until } from "../support/until.ts";

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), "tf-away-"));
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

/** The database behind a Unix socket of the test's own, as the embedded one is. */
async function socketTo(url: URL) {
  const sockets = new Set<Socket>();
  const folderOf = url.searchParams.get("host");
  const server = createServer((inside) => {
    const outside = folderOf
      ? connect(`${folderOf}/.s.PGSQL.${url.port || 5432}`)
      : connect(Number(url.port || 5432), url.hostname);
    for (const [from, to] of [
      [inside, outside],
      [outside, inside],
    ] as const) {
      sockets.add(from);
      from.on("error", () => undefined).on("close", () => to.destroy());
      from.pipe(to);
    }
  });
  const open = () => new Promise<void>((done) => server.listen(join(folder, ".s.PGSQL.5432"), done));
  const close = async () => {
    const closed = new Promise((done) => server.close(done)); // and the socket's file is gone
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  await open();
  const inside = new URL(url);
  inside.host = "localhost:5432";
  inside.searchParams.set("host", folder);
  return { url: inside.toString(), open, close };
}

test("a worker whose database is away asks for it now and then, and goes on when it is back", async () => {
  const way = await socketTo(new URL(database.url));
  let runs = 0;
  const jobs = [{ name: "fold" as const, everySeconds: 1, run: () => Promise.resolve(++runs) }];
  const place = { databaseUrl: way.url, redisUrl: undefined };
  const worker = await startWorker({ db: database.db, place, jobs });
  const connecting = vi.spyOn(pg.Client.prototype, "connect");
  try {
    await until("it runs", () => runs > 0);
    await way.close();
    const before = connecting.mock.calls.length;
    const beganMs = Date.now();
    await until("a second has passed", () => Date.now() - beganMs > 1_000);
    expect(connecting.mock.calls.length - before).toBeLessThan(20);
    await way.open();
    const seen = runs;
    await until("it runs again", () => runs > seen, 20_000);
  } finally {
    connecting.mockRestore();
    await worker.stop();
    await way.close();
  }
});
