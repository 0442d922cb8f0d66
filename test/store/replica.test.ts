import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { TailfillError } from "@/lib/errors";
import { onReplica } from "@/lib/query/on-replica";
import type { AnswerFrame } from "@/lib/query/answers";
import { type Db, openDb } from "@/lib/store/db";
import { Replica } from "@/lib/store/replica";
import { type Replicated, streamingReplica } from "../support/streaming-replica.ts";
import { until } from "../support/until.ts";

let pair: Replicated;
let primary: Db;
let copy: Db;
beforeAll(async () => {
  pair = await streamingReplica();
  primary = openDb(pair.primaryUrl, 3);
  copy = openDb(pair.replicaUrl, 3);
});
afterAll(async () => {
  await primary.$disconnect();
  await copy.$disconnect();
  await pair.stop();
});

let now: number;
let replica: Replica;
beforeEach(async () => {
  now = Date.now();
  await primary.processBeat.deleteMany();
  replica = new Replica(primary, copy, { now: () => now });
});

interface Answer extends AnswerFrame {
  isReplica: boolean;
}

const FRAME: AnswerFrame = {
  range: { from: "", to: "" },
  coveredSeconds: 0,
  losses: [],
  nothing: null,
  tookMs: 0,
};

const whoAnswers = async (db: Db): Promise<Answer> => {
  const [row] = await db.$queryRaw<{ is: boolean }[]>`SELECT pg_is_in_recovery() AS is`;
  return { ...FRAME, isReplica: row!.is };
};

/** As every question does it, without the timer. */
async function ask(question = whoAnswers): Promise<Answer> {
  replica.begin = () => Promise.resolve();
  return onReplica(question, replica, () => primary);
}

async function inStep(): Promise<void> {
  await until("the replica is in step", async () => {
    await replica.measure();
    return replica.status().use === "used" && replica.status().lagMs === 0;
  });
}

test("before it was measured, the database answers; then the replica does", async () => {
  expect((await ask()).isReplica).toBe(false);
  await inStep();
  const answer = await ask();
  expect(answer).toMatchObject({ isReplica: true });
  expect(answer.behindSeconds).toBeUndefined();
});

test("one that is behind says so, and one that is far behind is not asked", async () => {
  await inStep();
  await copy.$queryRaw`SELECT pg_wal_replay_pause()::text`;
  try {
    await replica.measure(); // writes a mark that does not arrive
    await replica.measure();
    expect(await ask()).toMatchObject({ isReplica: true, behindSeconds: 1 });
    await primary.$executeRaw`UPDATE process_beat SET at = clock_timestamp() + interval '20 s'`;
    await replica.measure();
    await replica.measure();
    expect(replica.status()).toMatchObject({ use: "behind" });
    expect((await ask()).isReplica).toBe(false);
  } finally {
    await copy.$queryRaw`SELECT pg_wal_replay_resume()::text`;
  }
});

test("when it goes away, the question under way is answered by the database, and it is used again when it is back", async () => {
  await inStep();
  await pair.stopReplica();
  expect((await ask()).isReplica).toBe(false);
  expect(replica.status().use).toBe("failed");
  await replica.measure();
  expect((await ask()).isReplica).toBe(false);
  await pair.startReplica();
  now += 10_000;
  await inStep();
  expect((await ask()).isReplica).toBe(true);
});

test("what the replica does not have yet is looked for in the database; other errors are told", async () => {
  await inStep();
  const fails = (code: "not_found" | "bad_request") => async (db: Db) => {
    const answer = await whoAnswers(db);
    if (answer.isReplica) throw new TailfillError(code, "no");
    return answer;
  };
  expect((await ask(fails("not_found"))).isReplica).toBe(false);
  await expect(ask(fails("bad_request"))).rejects.toMatchObject({ code: "bad_request" });
  expect(replica.status().use).toBe("used");
});

test("a replica refuses to write, which is told as a database that is away", async () => {
  await inStep();
  const writes = async (db: Db) => {
    await db.service.create({ data: { name: `s-${now}` } });
    return whoAnswers(db);
  };
  expect((await ask(writes)).isReplica).toBe(false);
});

test("only questions about windows go there", () => {
  const files = readdirSync("app", { recursive: true, encoding: "utf8" }).filter((name) => /\.tsx?$/.test(name));
  const asking = files.filter((name) => readFileSync(join("app", name), "utf8").includes("onReplica("));
  expect(asking.length).toBeGreaterThan(15);
  const mayAsk = /overview|endpoints|user|losses|insight\/statements|queries\/page/;
  expect(asking.filter((name) => !mayAsk.test(name) || /alerts|prefill|keys|auth/.test(name))).toEqual([]);
});
