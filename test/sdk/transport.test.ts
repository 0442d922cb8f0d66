import { afterEach, describe, expect, it } from "vitest";

import { Losses } from "@/lib/sdk/src/losses";
import { createPoster, type Poster } from "@/lib/sdk/src/post";
import type { PostResult } from "@/lib/sdk/src/answer";
import { Transport, type Outgoing } from "@/lib/sdk/src/transport";
import { until } from "@/test/support/until";
import { FakeClock, turns } from "./support/fake-clock";
import { accept, once, status, StubServer, type Answer } from "./support/stub-server";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanup.splice(0).toReversed()) await undo();
});

function parts(poster: (clock: FakeClock) => Poster, maxBytes = 8 * 1024 * 1024) {
  const clock = new FakeClock();
  const losses = new Losses();
  const warnings: string[] = [];
  const transport = new Transport({
    poster: poster(clock),
    clock,
    losses,
    windowSeconds: 10,
    maxBytes,
    warn: (code) => warnings.push(code),
    report: (error) => {
      throw error;
    },
  });
  cleanup.push(() => transport.stop());
  return { clock, losses, warnings, transport };
}

const posting = (url: string) => (clock: FakeClock) =>
  createPoster({ url: new URL(url), apiKey: "tf_key", mediaType: "application/x", timeoutMs: 5_000, clock });

async function stub(answer: Answer) {
  const server = await StubServer.start(answer);
  cleanup.push(() => server.stop());
  return server;
}

const batch = (samples = 7, bytes = 100, losses: [string, number][] = []): Outgoing => ({
  body: new Uint8Array(bytes),
  samples,
  losses: new Map(losses),
});

/** The batch as the client would have made it: what it carries was taken from the losses before. */
function enqueue({ losses, transport }: Pick<ReturnType<typeof parts>, "losses" | "transport">, each: Outgoing): void {
  losses.addAll(each.losses);
  losses.take();
  transport.enqueue(each);
}

describe("what the server answers, over a real connection", () => {
  const rows: [string, Answer, "kept" | "lost" | "retried"][] = [
    ["200", accept, "kept"],
    ["204", status(204), "lost"],
    [
      "200, by a page that is no tailfill",
      (res) => res.end("<!doctype html><p>Sign in to the hotel's network"),
      "lost",
    ],
    ["301", status(301, { location: "/elsewhere" }), "lost"],
    ...[400, 401, 403, 404, 409, 413, 415, 422, 500].map(
      (code) => [String(code), status(code), "lost"] as [string, Answer, "lost"],
    ),
    ...[429, 502, 503, 504].map((code) => [String(code), status(code), "retried"] as [string, Answer, "retried"]),
    ["reset", (res) => res.socket!.resetAndDestroy(), "retried"],
    ["reset amid the answer", (res) => (res.write("{"), setImmediate(() => res.socket!.destroy())), "retried"],
  ];

  it.each(rows)("%s", async (_, answer, expected) => {
    const server = await stub(once(answer));
    const { clock, losses, transport } = parts(posting(server.url));
    enqueue({ losses, transport }, batch(7, 100, [["user_cap", 3]]));
    await until(
      "the first answer is in",
      () => transport.stats.lastFailure !== null || transport.stats.sentBatches > 0,
    );
    if (expected === "retried") {
      await clock.advance(60_000);
      await until("it was kept at last", () => transport.stats.sentBatches === 1);
    }
    expect(server.received).toHaveLength(expected === "retried" ? 2 : 1);
    expect(new Set(server.received.map(({ body }) => body.toString("hex"))).size).toBe(1);
    expect(transport.stats.pendingBatches).toBe(0);
    if (expected === "lost") {
      expect(losses.reported).toEqual({});
      expect(Object.values(losses.unreported).toSorted((a, b) => a - b)).toEqual([3, 7]);
    } else {
      expect(losses.unreported).toEqual({});
      expect(losses.reported).toEqual({ user_cap: 3 });
      expect(transport.stats.sentSamples).toBe(7);
    }
  });

  it("never answers: over after 5 s, and tried again", async () => {
    const server = await stub(once(() => undefined));
    const { clock, transport } = parts(posting(server.url));
    transport.enqueue(batch());
    await until("the server has it", () => server.received.length === 1);
    await clock.advance(4_999);
    expect(transport.stats.lastFailure).toBeNull();
    await clock.advance(1);
    await until("it is given up", () => transport.stats.lastFailure !== null);
    expect(transport.stats.lastFailure).toBe("no answer within 5000 ms");
    await clock.advance(60_000);
    await until("it was kept at last", () => transport.stats.sentBatches === 1);
  });

  it.each([
    ["an answer that trickles for ever", "http", /5000 ms/],
    ["nobody listens", "http://127.0.0.1:1", /ECONNREFUSED/],
    ["no such name", "http://tailfill.invalid", /ENOTFOUND|EAI_AGAIN/],
    ["no TLS there", "https", /./],
  ])("%s: kept for another try", async (_, url, message) => {
    const server = await stub((res) => res.write("{"));
    const { clock, losses, transport } = parts(posting(url.includes("//") ? url : server.url.replace(/^http/, url)));
    transport.enqueue(batch());
    await until("it fails", async () => {
      if (url === "http" && server.received.length > 0) await clock.advance(5_000);
      return transport.stats.lastFailure;
    });
    expect(transport.stats.lastFailure).toMatch(message);
    expect(transport.stats.pendingBatches).toBe(1);
    expect(losses.unreported).toEqual({});
  });

  it("reads no more than 64 KB of an answer of 100 MB", async () => {
    let written = 0;
    let over = false;
    const server = await stub((res) => {
      res.once("close", () => (over = true));
      const more = () => {
        while (written < 100_000_000 && !res.destroyed) {
          written += 16_384;
          if (!res.write("x".repeat(16_384))) return void res.once("drain", more);
        }
        res.end();
      };
      more();
    });
    const { transport, warnings } = parts(posting(server.url));
    transport.enqueue(batch());
    await until("it is done", () => transport.stats.pendingBatches === 0);
    await until("the connection is closed", () => over);
    // What is over the 64 KB was in the connection's buffers.
    expect(written).toBeLessThan(20_000_000);
    expect(warnings).toEqual(["answer"]);
  });

  it("counts what a 200 says was rejected, and reports it later", async () => {
    const server = await stub(
      once((res) =>
        res.end(JSON.stringify({ accepted: 95, rejected: [{ path: "a" }, { path: "b" }], duplicate: false })),
      ),
    );
    const { losses, transport } = parts(posting(server.url));
    transport.enqueue(batch());
    await until("it is done", () => transport.stats.sentBatches === 1);
    expect(losses.unreported).toEqual({ rejected: 2 });
  });

  it("sends the key, the type and the length, and keeps the connection", async () => {
    const sockets = new Set<unknown>();
    const server = await stub((res) => (sockets.add(res.socket), accept(res)));
    const { transport } = parts(posting(server.url + "/below/api/v1/ingest"));
    for (let i = 0; i < 3; i++) {
      transport.enqueue(batch());
      await until("it is done", () => transport.stats.sentBatches === i + 1);
    }
    expect(sockets.size).toBe(1);
    expect(server.received[0]!.url).toBe("/below/api/v1/ingest");
    expect(server.received[0]!.headers).toMatchObject({
      authorization: "Bearer tf_key",
      "content-type": "application/x",
      "content-encoding": "gzip",
      "content-length": "100",
    });
  });

  it("knows the server's clock from its answers", async () => {
    const server = await stub((res) => {
      res.setHeader("date", "Sun, 22 Nov 2026 10:05:00 GMT");
      accept(res);
    });
    const { transport } = parts(posting(server.url));
    transport.enqueue(batch());
    await until("it is done", () => transport.stats.sentBatches === 1);
    expect(transport.stats.skewMs).toBe(300_000);
  });

  it.each([
    [401, "key"],
    [403, "key"],
    [302, "redirect"],
  ])("says what a person has to know about %i", async (code, warning) => {
    const server = await stub(status(code));
    const { transport, warnings } = parts(posting(server.url));
    transport.enqueue(batch());
    await until("it is done", () => transport.stats.lastFailure !== null);
    expect(warnings).toEqual([warning]);
  });
});

/** A server played by hand: the test decides when each answer comes. */
class HandPoster implements Poster {
  readonly posts: Uint8Array[] = [];
  #waiting: ((result: PostResult) => void) | undefined;
  /** Answers at once, when set. */
  always: PostResult | undefined;
  underWay = 0;

  post(body: Uint8Array): Promise<PostResult> {
    this.posts.push(body);
    this.underWay++;
    return new Promise<PostResult>((resolve) => {
      if (this.always) resolve(this.always);
      else this.#waiting = resolve;
    }).finally(() => this.underWay--);
  }

  async answer(result: PostResult): Promise<void> {
    this.#waiting!(result);
    await turns();
  }

  close(): void {
    this.#waiting?.({ kind: "fault", message: "stopped" });
  }
}

const http = (code: number, retryAfter?: string, date?: string): PostResult => ({
  kind: "answer",
  status: code,
  retryAfter,
  date,
  body: '{"accepted":1}',
});

function byHand(maxBytes?: number) {
  const poster = new HandPoster();
  return { poster, ...parts(() => poster, maxBytes) };
}

describe("when batches are sent", () => {
  it("is one at a time, oldest first", async () => {
    const { poster, transport } = byHand();
    const bodies = [1, 2, 3].map((bytes) => batch(1, bytes));
    for (const each of bodies) transport.enqueue(each);
    await turns();
    expect(poster.posts).toHaveLength(1);
    await poster.answer(http(200));
    expect(poster.posts).toEqual([bodies[0]!.body, bodies[1]!.body]);
  });

  it.each([
    ["seconds", http(429, "30"), 30_000],
    [
      "a date, by the server's own clock",
      http(503, "Sun, 22 Nov 2026 11:00:20 GMT", "Sun, 22 Nov 2026 11:00:00 GMT"),
      20_000,
    ],
    ["ten years", http(503, "315360000"), 300_000],
  ])("is never before Retry-After: %s", async (_, answer, leastMs) => {
    for (const jitter of [0, 0.5, 0.999]) {
      const { poster, transport, clock } = byHand();
      clock.jitter = () => jitter;
      transport.enqueue(batch());
      await poster.answer(answer);
      await clock.advance(leastMs - 1);
      await transport.flush(1_000, true);
      expect(poster.posts).toHaveLength(1);
      await clock.advance(leastMs + 1);
      expect(poster.posts).toHaveLength(2);
    }
  });

  it("is by back-off with full jitter after a failure, and at once after a success", async () => {
    const { poster, transport, clock } = byHand();
    clock.jitter = () => 0.999;
    poster.always = { kind: "fault", message: "down" };
    transport.enqueue(batch());
    await turns();
    await clock.advance(3_600_000);
    // 2, 4, 8, 16, 32, then 60 s each
    expect(poster.posts.length).toBeGreaterThan(60);
    expect(poster.posts.length).toBeLessThan(70);
    poster.always = http(200);
    await clock.advance(60_000);
    expect(transport.stats.pendingBatches).toBe(0);
    transport.enqueue(batch());
    await turns();
    expect(transport.stats.sentBatches).toBe(2);
  });

  it("spreads a thousand processes out when their server is back after 10 minutes", async () => {
    const perBin = new Map<number, number>();
    let drainedMs = 0;
    for (let process = 0; process < 1_000; process++) {
      const { poster, transport, clock } = byHand();
      let seed = process * 2_654_435_761;
      clock.jitter = () => (seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
      poster.always = { kind: "fault", message: "down" };
      let sent = 0;
      const look = async () => {
        await Promise.resolve();
        for (let i = 0; i < 4; i++) await Promise.resolve();
        const bin = Math.floor(clock.monotonicMs() / 10_000);
        perBin.set(bin, (perBin.get(bin) ?? 0) + transport.stats.sentBatches - sent);
        sent = transport.stats.sentBatches;
      };
      for (let window = 0; window < 60 + 42; window++) {
        if (window === 60) poster.always = http(200);
        transport.enqueue(batch());
        await look();
        await clock.advance(10_000, look);
        if (window > 60 && transport.stats.pendingBatches <= 2) drainedMs = Math.max(drainedMs, (window - 60) * 10_000);
        if (window > 60 && transport.stats.pendingBatches <= 2) break;
      }
      expect(transport.stats.pendingBatches).toBeLessThanOrEqual(2);
      transport.stop();
    }
    // A steady fleet sends 1,000 batches in such a bin.
    expect(Math.max(...perBin.values())).toBeLessThanOrEqual(3_100);
    expect(drainedMs).toBeLessThanOrEqual(7 * 60_000);
  });
});

describe("flush", () => {
  it("sends all that waits, without the gaps of a backlog", async () => {
    const { poster, transport } = byHand();
    poster.always = http(200);
    for (let i = 0; i < 20; i++) transport.enqueue(batch());
    await transport.flush(10_000, false);
    expect(transport.stats).toMatchObject({ sentBatches: 20, pendingBatches: 0, pendingBytes: 0 });
  });

  it("ends with the first failure; the rest keeps waiting", async () => {
    const { poster, transport } = byHand();
    poster.always = http(503);
    for (let i = 0; i < 20; i++) transport.enqueue(batch());
    await transport.flush(10_000, false);
    expect(poster.posts).toHaveLength(1);
    expect(transport.stats.pendingBatches).toBe(20);
  });

  it("does not hammer a dead server, but a last one tries", async () => {
    const { poster, transport } = byHand();
    poster.always = { kind: "fault", message: "down" };
    transport.enqueue(batch());
    for (let i = 0; i < 5; i++) await transport.flush(10_000, false);
    expect(poster.posts).toHaveLength(1);
    await transport.flush(10_000, true);
    expect(poster.posts).toHaveLength(2);
  });

  it("is over at its deadline although the server hangs", async () => {
    const { transport, clock, poster } = byHand();
    transport.enqueue(batch());
    let over = false;
    const flushed = transport.flush(1_000, true).then(() => (over = true));
    await clock.advance(999);
    expect(over).toBe(false);
    await clock.advance(1);
    await flushed;
    expect(poster.underWay).toBe(1);
  });

  it("may run several at once, and still one send at a time", async () => {
    const { poster, transport } = byHand();
    for (let i = 0; i < 3; i++) transport.enqueue(batch());
    const all = Promise.all([transport.flush(10_000, false), transport.flush(10_000, false)]);
    for (let i = 0; i < 3; i++) {
      await turns();
      expect(poster.underWay).toBe(1);
      await poster.answer(http(200));
    }
    await all;
    expect(poster.posts).toHaveLength(3);
  });
});

describe("memory", () => {
  it("drops the oldest that waits, never the one under way, and counts each with the losses that it carried", async () => {
    const { poster, transport, losses } = byHand(1_000);
    for (let i = 0; i < 8; i++) enqueue({ losses, transport }, batch(2 ** i, 300, [["user_cap", 1]]));
    expect(transport.stats).toMatchObject({ pendingBatches: 3, pendingBytes: 900 });
    expect(losses.unreported).toEqual({ buffer_full: 2 + 4 + 8 + 16 + 32, user_cap: 8 });
    await poster.answer(http(200));
    await poster.answer(http(200));
    await poster.answer(http(200));
    expect(transport.stats.sentSamples).toBe(1 + 64 + 128);
    expect(losses.reported).toEqual({ user_cap: 3 });
    expect(losses.unreported).toEqual({ buffer_full: 2 + 4 + 8 + 16 + 32, user_cap: 5 });
  });

  it("counts what a stop left behind", async () => {
    const { transport, losses, clock } = byHand();
    for (let i = 0; i < 3; i++) enqueue({ losses, transport }, batch(10, 10, [["endpoint_cap", 1]]));
    transport.stop();
    transport.enqueue(batch(5));
    await turns();
    expect(losses.unreported).toEqual({ send_failed: 35, endpoint_cap: 3 });
    expect(transport.stats).toMatchObject({ pendingBatches: 0, pendingBytes: 0 });
    expect(clock.timers).toBe(0);
  });
});
