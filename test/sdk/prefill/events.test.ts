import { randomBytes } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { EventLog } from "@/lib/sdk/src/prefill/event-log";
import { createPoster } from "@/lib/sdk/src/post";
import { sealUser } from "@/lib/sdk/src/pseudonym";
import type { FillEvent } from "@/lib/wire/index";
import { until } from "@/test/support/until";
import { FakeClock } from "../support/fake-clock";
import { StubServer } from "../support/stub-server";
import { engineFor } from "./support/engine";
import { PlanServer } from "./support/plan-server";
import { plannedDefinition, plannedUser, planOf } from "./support/plans";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanup.splice(0).toReversed()) await undo();
});

async function logging() {
  const clock = new FakeClock();
  const server = await PlanServer.start(planOf());
  const url = new URL(`${server.url}/api/v1/prefill/events`);
  const defined = [{ name: "feed", ttlSeconds: 60, signals: [] as string[] }];
  const log = new EventLog({
    poster: createPoster({ url, apiKey: "tf_test", mediaType: "application/json", timeoutMs: 5_000, clock }),
    clock,
    source: { service: "shop", environment: "test", instance: "web-1" },
    definitions: () => defined,
    warn: () => undefined,
    report: (error) => {
      throw error;
    },
  });
  cleanup.push(() => log.stop());
  // First, so that a flush that waits for it fails.
  cleanup.push(() => server.stop());
  return { log, clock, server, defined };
}

const fillEvent = (at: number, more: object = {}): FillEvent => ({
  type: "fill",
  id: `0193a5c8-6f00-7c3e-9b55-${String(at).padStart(12, "0")}`,
  atMs: at,
  state: "filled",
  tookUs: 1,
  bytes: 1,
  ...more,
});

describe("the log of events", () => {
  it("gathers for 2 s, sends in order, and tells what is defined at first, after a change, and now and then", async () => {
    const { log, clock, server, defined } = await logging();
    for (let at = 0; at < 3; at++) log.add(fillEvent(at));
    await clock.advance(1_900);
    expect(server.reports).toEqual([]);
    await clock.advance(200);
    await until("it arrived", () => server.reports.length === 1);
    expect(server.reports[0]).toMatchObject({ v: 1, service: "shop", environment: "test", instance: "web-1" });
    expect(server.events.map(({ atMs }) => atMs)).toEqual([0, 1, 2]);
    const tell = async () => {
      log.add(fillEvent(9));
      await log.flush();
      return server.reports.at(-1)!.definitions;
    };
    expect(await tell()).toBe(undefined);
    defined.push({ name: "orders", ttlSeconds: 5, signals: ["push"] });
    expect(await tell()).toEqual(defined);
    await clock.advance(600_000);
    expect(await tell()).toEqual(defined);
  });

  it("sends bodies of at most 1 MiB", async () => {
    const { log, server } = await logging();
    for (let at = 0; at < 400; at++) log.add(fillEvent(at, { padding: "x".repeat(10_000) }));
    await log.flush();
    expect(server.events.map(({ atMs }) => atMs)).toEqual(Array.from({ length: 400 }, (_, at) => at));
    const sizes = server.reports.map((report) => JSON.stringify(report).length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1024 * 1024);
    expect(Math.max(...sizes)).toBeGreaterThan(900_000);
  });

  it("keeps what the server does not take for later, in order, and sends it when it is back", async () => {
    const { log, clock, server } = await logging();
    server.takes = "silent";
    for (let at = 0; at < 1_200; at++) log.add(fillEvent(at));
    const flushed = log.flush();
    await until("time runs out", async () => {
      await clock.advance(1_000);
      return log.stats.lastFailure !== null;
    });
    await flushed;
    server.takes = "well";
    await until("all arrived", async () => {
      await clock.advance(10_000);
      return log.stats.pendingBatches === 0;
    });
    // What timed out may have arrived all the same: it comes twice then.
    expect([...new Set(server.events.map(({ atMs }) => atMs))]).toEqual(Array.from({ length: 1_200 }, (_, at) => at));
    expect(log.stats.lost).toBe(0);
  });

  it("loses what is refused, what is too much, and what cannot be sent at the end, and counts it", async () => {
    const { log, clock, server } = await logging();
    server.takes = "401";
    log.add(fillEvent(1));
    await log.flush();
    expect(log.stats).toMatchObject({ sent: 0, lost: 1 });
    server.takes = "500";
    log.add(fillEvent(1));
    await log.flush();
    expect(log.stats.lost).toBe(2);
    server.takes = "silent";
    const padding = randomBytes(500_000).toString("hex");
    for (let at = 0; at < 10; at++) {
      log.add(fillEvent(at, { padding }));
      void log.flush();
    }
    await until("the oldest are gone", () => log.stats.lost > 2 && log.stats.waiting === 0);
    let stopped = false;
    void log.stop().then(() => (stopped = true));
    await until("it gives up", async () => {
      await clock.advance(1_000);
      return stopped;
    });
    expect(log.stats).toMatchObject({ sent: 0, lost: 12 });
    log.add(fillEvent(1));
    expect(log.stats.lost).toBe(13);
  });

  it("takes no more than it can hold", async () => {
    const { log, server } = await logging();
    server.takes = "silent";
    for (let at = 0; at < 20_600; at++) log.add(fillEvent(at));
    expect(log.stats.lost + log.stats.waiting).toBeGreaterThan(0);
    expect(log.stats.waiting).toBeLessThanOrEqual(20_000);
  });
});

describe("with sealed ids", () => {
  const pseudonymKey = randomBytes(32).toString("hex");
  const sealed = (user: string) => sealUser(pseudonymKey, user);

  it("plan, events and jobs name nobody in clear, and the right user is filled", async () => {
    const hours: [number, number][] = [[154, 0.9]];
    const users = [plannedUser(sealed("ada")), plannedUser(sealed("carl"), { hours }), plannedUser("dora", { hours })];
    const jobs: string[] = [];
    const test = await engineFor({ definitions: [plannedDefinition({ users })] }, cleanup, { pseudonymKey });
    const log = test.engine.core.runner;
    const run = log.run.bind(log);
    log.run = (job) => {
      jobs.push(JSON.stringify(job));
      return run(job);
    };
    test.request("ada");
    await until("both are filled", () => test.feed.fills.length === 2);
    expect(test.feed.fills.map(({ user }) => user).toSorted()).toEqual(["ada", "carl"]);
    test.engine.visits.visited(test.feed.visit("ada", { atMs: test.clock.wallMs() + 1_000 }));
    await test.flush();
    expect(
      test.server
        .of("decision")
        .map(({ user }) => user)
        .toSorted(),
    ).toEqual([sealed("ada"), sealed("carl")].toSorted());
    expect(test.server.of("visit").length).toBe(1);
    expect(JSON.stringify([test.server.reports, jobs])).not.toMatch(/\b(ada|carl)\b/);
    // Sealed by no key of ours: not opened, and counted.
    expect(test.engine.core.unknown.users).toBe(1);
    expect(test.errors).toEqual([]);
  });

  it("a user whose id is too long to be had back is left alone", async () => {
    const long = "é".repeat(100);
    const test = await engineFor({}, cleanup, { pseudonymKey });
    test.request(long);
    await until("it is refused", () => test.engine.decider.hindrances.get("unnamed"));
  });
});

describe("a server that is away", () => {
  it("is nothing to the app: it neither waits nor fails", async () => {
    const gone = await StubServer.start();
    const { url } = gone;
    await gone.stop();
    const test = await engineFor({}, cleanup, {
      source: { apiUrl: new URL(`${url}/api/v1/`), apiKey: "k", service: "s", environment: "e", instance: "i" },
    });
    test.request("ada");
    await until("it is refused", () => test.engine.decider.hindrances.get("no plan"));
    expect(test.engine.core.plans.counts.lastFailure).toMatch(/ECONNREFUSED/);
    expect(test.errors).toEqual([]);
  });
});
