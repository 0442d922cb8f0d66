import { expect, test } from "vitest";
import { accept } from "@/lib/ingest/accept";
import { Folder } from "@/lib/rollup/fold";
import { type Db, openDb } from "@/lib/store/db";
import { ensurePartitions } from "@/lib/store/partitions";
import { BATCH_MEDIA_TYPE, encodeBatch } from "@/lib/wire/index";
import { batchOf, endpointOf, payloadOf, userOf } from "../support/batches.ts";
import { testDatabase } from "../support/database.ts";
import { sql } from "../support/global-setup.ts";
import { ingestContext, requestOf } from "../support/ingest.ts";
import { countInHex, requestCount, userWindows } from "../support/stored.ts";

const BATCHES = 8_000;
const REPEATED = 2_000;
const SENDERS = 10;

/** Every batch once, and a quarter of them twice, in an order that keeps no two together. */
function deliveries(): number[] {
  const all = [...Array(BATCHES).keys(), ...Array(REPEATED).keys()];
  let state = 7;
  for (let last = all.length - 1; last > 0; last--) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    const other = state % (last + 1);
    [all[last], all[other]] = [all[other]!, all[last]!];
  }
  return all;
}

test("10,000 deliveries, a fifth repeated, in parallel and with everything cut off in the middle: difference 0", async () => {
  const database = await testDatabase();
  await ensurePartitions(database.db, Date.parse("2026-11-22T10:00:30Z"));
  const bodies = Array.from({ length: BATCHES }, (_, i) =>
    encodeBatch(
      batchOf({
        endpoints: [endpointOf({ outcomes: { ok: payloadOf(1_000 + i) }, users: [userOf(`${i % 50}`, 1_000 + i)] })],
      }),
    ),
  );
  const queue = deliveries();
  let db: Db = openDb(database.url, SENDERS);
  let delivered = 0;
  let working = Promise.resolve();
  let folder = new Folder(db);
  let failures = 0;

  const deliver = async (body: Uint8Array): Promise<boolean> => {
    const request = requestOf(new Uint8Array(body), { "content-type": BATCH_MEDIA_TYPE });
    try {
      await accept(request, ingestContext(db));
      return true;
    } catch {
      failures++;
      return false;
    }
  };
  const sender = async (): Promise<void> => {
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      while (!(await deliver(bodies[next]!)));
      if (++delivered % 250 === 0) working = working.then(foldOnce);
      if (delivered % 1_000 === 0) await restart();
    }
  };
  /** A worker beside the senders; after a failure it starts anew, as the process would. */
  const foldOnce = async (): Promise<void> => {
    await folder.fold().catch(() => (folder = new Folder(db)));
  };
  /** Every connection is cut, whatever it is doing, and the process starts anew with nothing remembered. */
  const restart = async (): Promise<void> => {
    const before = db;
    await sql(
      database.url,
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
    );
    db = openDb(database.url, SENDERS);
    void before.$disconnect();
  };
  await Promise.all(Array.from({ length: SENDERS }, sender));
  await working;
  await new Folder(db).fold();
  expect(failures).toBeGreaterThan(0);
  expect(await requestCount(db, 0)).toBe(BATCHES);
  const users = [...(await userWindows(db, 0)).values()].map(countInHex);
  expect(users).toEqual(Array<number>(50).fill(BATCHES / 50));
  await db.$disconnect();
  await database.drop();
}, 300_000);
