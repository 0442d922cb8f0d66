import { randomBytes } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";

import { openUser } from "@/lib/sdk/src/index";
import { highestAt, indexOf, newCounts, addPayload, percentile } from "@/lib/histogram/index";
import { until } from "@/test/support/until";
import { FakeClock, turns } from "./support/fake-clock";
import { runningClient, samplesIn, total } from "./support/running";
import { keeper, outage, sumOf } from "./support/keeper";
import { accept, status, StubServer, type Answer } from "./support/stub-server";

const START = Date.parse("2026-11-22T10:00:00Z");
const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanup.splice(0).toReversed()) await undo();
});

async function serve(answer: Answer = accept) {
  const server = await StubServer.start(answer);
  cleanup.push(() => server.stop());
  return server;
}

function start(...args: Parameters<typeof runningClient>) {
  const running = runningClient(...args);
  cleanup.push(() => running.client.stop());
  return running;
}

describe("a window", () => {
  it("arrives after its end, under its start, with who sent it and what was recorded", async () => {
    const server = await serve();
    const { client, clock, settings } = start(server.url, { release: "1.8.0" });
    await clock.advance(3_000);
    client.record("GET", "/users/:id", "ok", 1_500, "42");
    client.record("GET", "/users/:id", "ok", 90_000, 42);
    client.record("GET", "/users/:id", "server_error", 7);
    await clock.advance(6_999);
    await turns(20);
    expect(server.received).toHaveLength(0);
    await clock.advance(1);
    await turns(20);
    expect(server.received).toHaveLength(0); // others end their windows now as well
    await clock.advance(1_000);
    await until("it arrives", () => client.stats().sentBatches === 1);

    const [batch] = server.batches;
    expect(batch).toMatchObject({
      service: "shop",
      environment: "test",
      instance: settings.instance,
      release: "1.8.0",
      window: { startMs: START, seconds: 10 },
    });
    expect(batch!.batch).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(samplesIn(batch!)).toBe(3);
    const { users } = batch!.endpoints[0]!;
    expect(users.map(({ id }) => id)).toEqual(["42"]);
    const counts = newCounts();
    expect(addPayload(counts, users[0]!.latency)).toBe(2);
    expect(percentile(counts, 100)).toBe(highestAt(indexOf(90_000)));
  });

  it("is sent by each process at a moment of its own, within two seconds of its end, and at once when it is flushed", async () => {
    const server = await serve();
    for (const [chance, waitMs] of [
      [0, 0],
      [0.25, 500],
      [0.999, 1_998],
    ] as const) {
      const clock = new FakeClock();
      clock.jitter = () => chance;
      const { client } = start(server.url, {}, clock);
      const before = server.received.length;
      client.record("GET", "/", "ok", 1_000);
      await clock.advance(10_000 + Math.max(0, waitMs - 1));
      await turns(20);
      if (waitMs > 0) expect(server.received.length).toBe(before);
      await clock.advance(waitMs > 0 ? 1 : 0);
      await until("it arrives", () => client.stats().sentBatches === 1);
      client.record("GET", "/", "ok", 1_000);
      await client.flush();
      expect(client.stats().sentBatches).toBe(2);
    }
  });

  it("is not sent when nothing happened in it", async () => {
    const server = await serve();
    const { client, clock } = start(server.url);
    await clock.advance(120_000);
    await client.flush();
    expect(server.received).toHaveLength(0);
  });

  it("that is too big for the server travels in parts that add up", async () => {
    const server = await serve();
    const { client } = start(server.url);
    let sent = 0;
    for (let i = 0; i < 10_000; i++) {
      const user = randomBytes(180).toString("base64");
      for (let n = 0; n < 3; n++, sent++) client.record("GET", `/r/${i % 7}`, "ok", 1 + (i % 5_000) * 100 * n, user);
    }
    client.record("GET", "/r/0", "ok", 4_000_000_000);
    sent++;
    await client.flush();
    await until("all is there", () => client.stats().pendingBatches === 0);
    expect(server.received.length).toBeGreaterThan(1);
    for (const { body } of server.received) expect(body.length).toBeLessThanOrEqual(1024 * 1024);
    const { batches } = server;
    expect(new Set(batches.map(({ batch }) => batch)).size).toBe(batches.length);
    expect(total(batches.map(samplesIn))).toBe(sent);
    expect(batches.flatMap(({ losses }) => [...losses])).toEqual([["over_range", 1]]);
    const users = batches.flatMap(({ endpoints }) => endpoints.flatMap((endpoint) => endpoint.users));
    expect(users).toHaveLength(10_000);
  });
});

describe("users", () => {
  it.each([
    ["abc", "abc"],
    [7, "7"],
    [7n, "7"],
    [0, "0"],
    ["", undefined],
    [null, undefined],
    [undefined, undefined],
    [Number.NaN, undefined],
  ])("%s is named %s", async (user, name) => {
    const server = await serve();
    const { client } = start(server.url);
    client.record("GET", "/", "ok", 1, user);
    await client.flush();
    expect(server.batches[0]!.endpoints[0]!.users.map(({ id }) => id)).toEqual(name === undefined ? [] : [name]);
  });

  it("leave sealed, and open with the key", async () => {
    const key = randomBytes(32).toString("base64");
    const server = await serve();
    const { client } = start(server.url, { pseudonymKey: key });
    for (const user of ["ada@example.org", "ada@example.org", "bob@example.org"])
      client.record("GET", "/", "ok", 1, user);
    await client.flush();
    const ids = server.batches[0]!.endpoints[0]!.users.map(({ id }) => id);
    expect(ids.every((id) => id.startsWith("s1_"))).toBe(true);
    expect(ids.map((id) => openUser(key, id)).toSorted((a, b) => String(a).localeCompare(String(b)))).toEqual([
      "ada@example.org",
      "bob@example.org",
    ]);
  });

  it("do not leave at all under a key that is none", async () => {
    const server = await serve();
    const { client, warnings } = start(server.url, { pseudonymKey: "a passphrase" });
    client.record("GET", "/", "ok", 1, "ada@example.org");
    await client.flush();
    expect(samplesIn(server.batches[0]!)).toBe(1);
    expect(server.batches[0]!.endpoints[0]!.users).toEqual([]);
    expect(warnings).toEqual(["pseudonym_key"]);
  });
});

describe("losses", () => {
  it.each([1, 2, 3])("are exact whatever the server answers (%i)", async (seed) => {
    const answers: Answer[] = [
      accept,
      accept,
      status(500),
      status(503),
      status(429),
      status(422),
      status(401),
      status(413),
    ];
    answers.push((res) => res.socket!.destroy());
    let random = seed * 7919;
    const next = () => (random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0) >>> 8;
    let calm = false;
    const { kept, answer } = keeper(() => (calm ? accept : answers[next() % answers.length]!));
    const server = await serve(answer);
    const { client, clock } = start(server.url);
    let recorded = 0;
    for (let window = 0; window < 60; window++) {
      for (let i = next() % 50; i >= 0; i--, recorded++) client.record("GET", "/", "ok", i + 1, String(i));
      const before = server.received.length;
      await clock.advance(10_000);
      if (window % 3 === 0)
        await until("something was sent", () => server.received.length > before, 200).catch(() => 0);
    }
    calm = true;
    await clock.advance(400_000);
    await until("all was sent", async () => {
      await clock.advance(10_000);
      await client.flush();
      const { pendingBatches, unreportedLosses } = client.stats();
      return pendingBatches === 0 && total(Object.values(unreportedLosses)) === 0;
    });

    const { arrived, reported } = sumOf(kept);
    expect(arrived + reported).toBe(recorded);
    expect(client.stats().sentSamples).toBe(arrived);
    expect(total(Object.values(client.stats().reportedLosses))).toBe(reported);
    expect(reported).toBeGreaterThan(0);
  });

  it("of 20 minutes without a server stay within 8 MB and are all reported when it is back", async () => {
    const { recorded, mostBytes, arrived, reported } = await outage(120, cleanup);
    expect(mostBytes).toBeGreaterThan(7_000_000);
    expect(mostBytes).toBeLessThanOrEqual(8 * 1024 * 1024);
    expect(recorded).toBe(1_200_000);
    expect(reported).toBeGreaterThan(500_000);
    expect(arrived + reported).toBe(recorded);
  });
});

describe("flush and stop", () => {
  it("flush sends what was recorded so far, in the middle of a window", async () => {
    const server = await serve();
    const { client } = start(server.url);
    client.record("GET", "/", "ok", 1);
    await client.flush();
    client.record("GET", "/", "ok", 1);
    await client.flush();
    expect(server.batches.map(samplesIn)).toEqual([1, 1]);
    expect(new Set(server.batches.map(({ batch }) => batch)).size).toBe(2);
  });

  it("stop sends the rest, then does nothing any more", async () => {
    const server = await serve();
    const { client, clock, warnings } = start(server.url);
    client.record("GET", "/", "ok", 1);
    await Promise.all([client.stop(), client.stop()]);
    client.record("GET", "/", "ok", 1);
    await client.flush();
    await clock.advance(60_000);
    expect(server.batches.map(samplesIn)).toEqual([1]);
    expect(warnings).toEqual(["stopped"]);
    expect(clock.timers).toBe(0);
  });

  it("stop against a dead server ends, and says what was lost", async () => {
    const { client } = start("http://127.0.0.1:1");
    for (let i = 0; i < 9; i++) client.record("GET", "/", "ok", 1);
    await client.stop();
    expect(client.stats()).toMatchObject({ pendingBatches: 0, unreportedLosses: { send_failed: 9 } });
  });

  it("stop against a hanging server ends at its deadline", async () => {
    const server = await serve(() => undefined);
    const { client, clock } = start(server.url);
    client.record("GET", "/", "ok", 1);
    const stopped = client.stop();
    await until("the server has it", () => server.received.length === 1);
    await clock.advance(5_000);
    await stopped;
    expect(client.stats().unreportedLosses).toEqual({ send_failed: 1 });
  });
});

describe("the host", () => {
  it("never sees an error, whatever it records", async () => {
    const server = await serve();
    const { client } = start(server.url, { onError: () => undefined });
    const strange: unknown[] = [
      undefined,
      null,
      {},
      [],
      Symbol("s"),
      () => 1,
      -1,
      1.5,
      Infinity,
      "__proto__",
      "\0",
      "\ud800",
    ];
    for (const value of strange) {
      client.record("GET", "/", "ok", 1, value as never);
      client.record("GET", value as never, "ok", 1);
      client.record(value as never, "/", "ok", 1);
      client.record("GET", "/", value as never, 1);
      client.record("GET", "/", "ok", value as never);
    }
    await client.flush();
    expect(samplesIn(server.batches[0]!)).toBeGreaterThan(0);
    expect(({} as Record<string, unknown>)["GET"]).toBeUndefined();
  });
});
