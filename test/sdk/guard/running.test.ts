import { afterEach, describe, expect, test } from "vitest";
import { GuardRefused, type GuardDatabase } from "@/lib/sdk/src/guard/database";
import type { GuardOptions } from "@/lib/sdk/src/guard/options";
import { readPolicy } from "@/lib/sdk/src/guard/policy";
import { RunningGuard } from "@/lib/sdk/src/guard/running-guard";
import type { Session } from "@/lib/sdk/src/guard/session";
import { FakeClock } from "../support/fake-clock";
import { SELF, session } from "./sessions";

/** A database of which a test says what runs in it. */
class Memory implements GuardDatabase {
  readonly dialect = "postgresql";
  readonly self = SELF;
  readonly notes = ["a timeout is missing"];
  sessions: Session[] = [];
  signals: string[] = [];
  fails: Error | undefined;
  lead = () => this.#answer(true);
  activity = () => this.#answer(this.sessions);
  blocking = () => this.#answer([]);
  close = () => Promise.resolve();

  signal(signal: string, { pid }: { pid: number }): Promise<boolean> {
    this.signals.push(`${signal} ${pid}`);
    return this.#answer(this.sessions.some((each) => each.pid === pid));
  }

  #answer<Value>(value: Value): Promise<Value> {
    return this.fails ? Promise.reject(this.fails) : Promise.resolve(value);
  }
}

const running: RunningGuard[] = [];
afterEach(() => Promise.all(running.splice(0).map((guard) => guard.stop())));

function start(options: Partial<GuardOptions> = {}) {
  const clock = new FakeClock();
  const database = new Memory();
  const told: string[] = [];
  const opened = { times: 0 };
  const tell = (what: string) => void told.push(what);
  const all: GuardOptions = {
    databaseUrl: "postgresql://shop:s3cret@localhost/shop",
    onReport: ({ action, pid, reason }) => tell(`${action} ${pid} ${reason}`),
    onOutcome: ({ pid, outcome }) => tell(`${pid} ${outcome}`),
    onNote: tell,
    onError: ({ message }) => tell(message),
    ...options,
  };
  const open = () => {
    opened.times += 1;
    return database.fails ? Promise.reject(database.fails) : Promise.resolve(database);
  };
  const guard = new RunningGuard(all, { policy: readPolicy(all), open, clock });
  running.push(guard);
  /** It has looked once, and waits for its next time. */
  const begun = () => guard.ready.then(() => clock.advance(0));
  return { guard, clock, database, told, opened, begun };
}

test("it looks at once, and then as often as it was told", async () => {
  const { guard, clock, begun } = start({ every: "10s" });
  await begun();
  expect(guard.stats().rounds).toBe(1);
  await clock.advance(9_999);
  expect(guard.stats().rounds).toBe(1);
  await clock.advance(20_001);
  expect(guard.stats().rounds).toBe(4);
});

test("after a signal it soon looks what came of it, and chooses nobody else before its time", async () => {
  const { clock, database, told, begun } = start({ apply: true });
  await begun();
  database.sessions = [session({ pid: 7 })];
  await clock.advance(10_000);
  expect(database.signals).toEqual(["cancel 7"]);
  database.sessions = [session({ pid: 8 })];
  await clock.advance(200);
  expect(told.at(-1)).toBe("7 ended");
  expect(database.signals).toEqual(["cancel 7"]);
  await clock.advance(10_000);
  expect(database.signals).toEqual(["cancel 7", "cancel 8"]);
});

test("what has begun to write since the cancel is not terminated", async () => {
  const { clock, database, told, begun } = start({ apply: true, terminate: true, grace: "5s" });
  await begun();
  const stubborn = session({ pid: 7 });
  database.sessions = [stubborn];
  await clock.advance(10_000);
  database.sessions = [{ ...stubborn, hasWritten: true }];
  await clock.advance(10_000);
  expect(database.signals).toEqual(["cancel 7"]);
  expect(told.slice(-3).toSorted()).toEqual(["7 still_running", "spare 7 still_running", "spare 7 write"]);
});

test("a record that takes for ever is none: nothing is stopped, and the guard goes on", async () => {
  const { guard, clock, database, told, begun } = start({ apply: true, onKill: () => new Promise(() => undefined) });
  await begun();
  database.sessions = [session({ pid: 7 })];
  await clock.advance(16_000);
  expect(database.signals).toEqual([]);
  expect(told).toContain("spare 7 not_recorded");
  const { rounds } = guard.stats();
  await clock.advance(30_000);
  expect(guard.stats().rounds).toBeGreaterThan(rounds);
});

test("a hook that throws is told, and changes nothing", async () => {
  const onReport = () => {
    throw new Error("the hook broke");
  };
  const { guard, clock, database, told, begun } = start({ onReport });
  await begun();
  database.sessions = [session({ pid: 7 })];
  await clock.advance(20_000);
  expect(told).toContain("the hook broke");
  expect(guard.stats()).toMatchObject({ wouldCancel: 1, rounds: 3 });
});

describe("when the database is away", () => {
  test("it is tried again, less and less often, and notes are not told twice", async () => {
    const { guard, clock, database, told, opened, begun } = start();
    await begun();
    database.fails = new Error("cannot reach postgresql://shop:s3cret@localhost/shop");
    await clock.advance(70_000);
    expect(opened.times).toBeGreaterThan(6);
    expect(opened.times).toBeLessThan(15);
    expect(told).toContain("cannot reach …");
    expect(guard.stats().isLeading).toBe(false);
    database.fails = undefined;
    await clock.advance(10_000);
    expect(guard.stats().isLeading).toBe(true);
    expect(told.filter((words) => words === "a timeout is missing")).toHaveLength(1);
  });

  test("whoever waits for its start is told", async () => {
    const { guard, database } = start();
    database.fails = new Error("away");
    await expect(guard.ready).rejects.toThrow("away");
  });
});

test("a refusal is final", async () => {
  const { clock, guard, database, opened } = start();
  database.fails = new GuardRefused("a superuser");
  await expect(guard.ready).rejects.toThrow("a superuser");
  const { times } = opened;
  await clock.advance(100_000);
  expect(opened.times).toBe(times);
});

test("once stopped it looks no more", async () => {
  const { guard, clock, begun } = start();
  await begun();
  await guard.stop();
  const { rounds } = guard.stats();
  await clock.advance(100_000);
  expect(guard.stats()).toMatchObject({ rounds, isLeading: false });
});
