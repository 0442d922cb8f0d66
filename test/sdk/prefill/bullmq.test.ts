import { randomBytes } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "@/lib/sdk/src/clock";
import { Core } from "@/lib/sdk/src/prefill/core";
import { bullmqQueue } from "@/lib/sdk/src/prefill/queue-bullmq";
import type { FillJob } from "@/lib/sdk/src/prefill/queue-type";
import { until } from "@/test/support/until";
import { appWith, USERS } from "./support/app";
import { BACKENDS, Wire } from "./support/backends";
import { FakeDefinition } from "./support/fake-definition";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanup.splice(0).toReversed()) await undo();
});

let jobs = 0;
const job = (user: string, changes: Partial<FillJob> = {}): FillJob => ({
  decision: `0193a5c8-6f00-7c3e-9b55-${String(++jobs).padStart(12, "0")}`,
  definition: "feed",
  user,
  notAfterMs: Date.now() + 60_000,
  refresh: false,
  ...changes,
});

describe.each(BACKENDS)("a queue on %s", (_, make) => {
  async function opened() {
    const backend = await make();
    cleanup.push(() => backend.remove());
    const open = () => {
      const queue = bullmqQueue({ ...backend, onError: () => undefined });
      cleanup.push(() => queue.close());
      return queue;
    };
    return { backend, open };
  }

  /** Works jobs off in this process, each until the test ends it. */
  function slowly(queue: ReturnType<typeof bullmqQueue>, atOnce: number) {
    const running: { job: FillJob; end: () => void }[] = [];
    let over = false;
    const run = (one: FillJob) =>
      new Promise<void>((end) => {
        running.push({ job: one, end });
        if (over) end();
      });
    const line = queue.work(run, atOnce, () => undefined);
    cleanup.push(async () => {
      over = true;
      for (const { end } of running) end();
      await line.stop();
    });
    return { running, line };
  }

  it("holds one job of a definition and user until it has ended, for all processes", async () => {
    const { open } = await opened();
    const [one, other] = [open(), open()];
    expect(await one.add(job("ada"), 10)).toBe("queued");
    expect(await other.add(job("ada"), 10)).toBe("known");
    expect(await other.add(job("bob"), 10)).toBe("queued");
    const { running } = slowly(open(), 1);
    await until("it runs", () => running.length === 1);
    expect(await one.add(job("ada"), 10)).toBe("known");
    running[0]!.end();
    await until("the next runs", () => running.length === 2);
    expect(await other.add(job("ada"), 10)).toBe("queued");
    running[1]!.end();
    await until("the last runs", () => running.length === 3);
    expect(running.map(({ job: { user } }) => user)).toEqual(["ada", "bob", "ada"]);
  });

  it("drops what is more than may wait, and starts no more than it is told", async () => {
    const { open } = await opened();
    const queue = open();
    for (const user of ["a", "b", "c", "d"]) expect(await queue.add(job(user), 4)).toBe("queued");
    expect(await queue.add(job("e"), 4)).toBe("full");
    const { running, line } = slowly(open(), 2);
    await until("two run", () => running.length === 2);
    line.limit(0);
    running[0]!.end();
    running[1]!.end();
    expect(await queue.add(job("f"), 4)).toBe("queued");
    line.limit(1);
    await until("one runs", () => running.length >= 3);
    running[2]!.end();
    await until("the next runs", () => running.length === 4);
    running[3]!.end();
  });

  it("carries fills from an app to two workers: each is done once, and told", async () => {
    const { open, backend } = await opened();
    const app = await appWith(open(), cleanup);
    const definition = new FakeDefinition();
    const workers = [1, 2].map(() => {
      const core = new Core({
        source: app.source,
        decides: false,
        works: true,
        clock: systemClock,
        queue: bullmqQueue({ ...backend, onError: () => undefined }),
        definitionOf: () => definition,
        definitions: () => [],
        openUser: app.names.userOf,
        brakes: { loopDelayMs: 10_000 },
        mostAtOnce: 64,
        warn: () => undefined,
        report: (error) => app.errors.push(error),
      });
      cleanup.push(() => core.stop());
      return core;
    });
    await Promise.all(workers.map((core) => core.plans.start()));
    for (const user of USERS.slice(0, 30)) app.request(user);
    await until("all are filled", () => definition.fills.length === 30);
    for (const core of workers) await core.events.flush();
    await app.engine.core.events.flush();
    expect(definition.fills.map(({ user }) => user).toSorted()).toEqual(USERS.slice(0, 30).toSorted());
    const decided = app.server.of("decision").map(({ id }) => id);
    await until("all is told", () => app.server.of("fill").length === 30);
    expect(
      app.server
        .of("fill")
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(decided.toSorted());
    expect(app.server.asks.some(({ query }) => query.get("instance") === null)).toBe(true);
    expect(app.errors).toEqual([]);
  });

  it("names nobody in clear when ids are sealed", async () => {
    const { open } = await opened();
    const app = await appWith(open(), cleanup, { pseudonymKey: randomBytes(32).toString("hex") });
    const { running } = slowly(open(), 1);
    app.request("user-7");
    await until("it runs", () => running.length === 1);
    expect(JSON.stringify(running[0]!.job)).not.toContain("user-7");
    expect(app.names.userOf(running[0]!.job.user)).toBe("user-7");
  });

  it("that is away costs an app nothing but the fills, which are undelivered until it is back", async () => {
    const { backend } = await opened();
    const wire = new Wire(backend.url);
    await wire.join();
    cleanup.push(() => wire.cut());
    const queue = bullmqQueue({ ...backend, url: wire.url, onError: () => undefined });
    const app = await appWith(queue, cleanup);
    const { fills } = app.engine.core;
    const { running } = slowly(bullmqQueue({ ...backend, onError: () => undefined }), 64);
    const users = USERS.values();
    const request = () => app.request(users.next().value!);
    request();
    await until("it runs", () => running.length === 1);
    await wire.cut();
    for (let i = 0; i < 3; i++) {
      const before = fills.undelivered;
      request();
      await until("it is undelivered", () => fills.undelivered > before);
    }
    await wire.join();
    const before = running.length;
    await until("it is back", async () => {
      const { undelivered } = fills;
      request();
      await until("it is delivered or not", () => fills.undelivered > undelivered || running.length > before);
      return running.length > before;
    });
    expect(app.errors.length).toBe(fills.undelivered);
  });

  it("that was never there is found out in time, and stopping does not hang", async () => {
    const { backend } = await opened();
    const wire = new Wire(backend.url);
    await wire.join();
    const { url } = wire;
    await wire.cut();
    const queue = bullmqQueue({ ...backend, url, onError: () => undefined });
    const app = await appWith(queue, cleanup, { work: true });
    app.request("user-1");
    await until("it is undelivered", () => app.engine.core.fills.undelivered === 1, 5_000);
    const start = performance.now();
    await app.engine.stop();
    expect(performance.now() - start).toBeLessThan(8_000);
  });
});
