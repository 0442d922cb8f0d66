import { afterEach, describe, expect, it } from "vitest";
import type { FillJob, FillQueue } from "@/lib/sdk/src/prefill/queue-type";
import { inProcessQueue } from "@/lib/sdk/src/prefill/queue-in-process";
import { until } from "@/test/support/until";
import { turns } from "../support/fake-clock";
import { engineFor } from "./support/engine";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanup.splice(0).toReversed()) await undo();
});

const job = (user: string, changes: Partial<FillJob> = {}): FillJob => ({
  decision: `decision of ${user}`,
  definition: "feed",
  user,
  notAfterMs: Date.now() + 60_000,
  refresh: false,
  ...changes,
});

/** Runs jobs until the test ends them. */
function slowly() {
  const open: { job: FillJob; end: () => void }[] = [];
  const run = (one: FillJob) => new Promise<void>((end) => void open.push({ job: one, end }));
  return { open, run };
}

describe("the queue within the process", () => {
  it("holds one job of a definition and user, until it has ended", async () => {
    const queue = inProcessQueue();
    const { open, run } = slowly();
    const line = queue.work(run, 1, () => undefined);
    expect(await queue.add(job("ada"), 10)).toBe("queued");
    expect(await queue.add(job("ada"), 10)).toBe("known");
    expect(await queue.add(job("ada", { definition: "orders" }), 10)).toBe("queued");
    await until("it runs", () => open.length === 1);
    expect(await queue.add(job("ada"), 10)).toBe("known");
    open[0]!.end();
    await until("the next runs", () => open.length === 2);
    expect(await queue.add(job("ada"), 10)).toBe("queued");
    open[1]!.end();
    await until("the last runs", () => open.length === 3);
    open[2]!.end();
    await line.stop();
  });

  it("drops what is more than may wait, gives back what waits, and starts no more than it is told", async () => {
    const queue = inProcessQueue();
    const { open, run } = slowly();
    const line = queue.work(run, 0, () => undefined);
    for (const user of ["a", "b", "c"]) expect(await queue.add(job(user), 3)).toBe("queued");
    expect(await queue.add(job("d"), 3)).toBe("full");
    expect(queue.withdraw("feed", "b")).toBe(true);
    expect(queue.withdraw("feed", "b")).toBe(false);
    await turns();
    expect(open).toEqual([]);
    line.limit(1);
    await until("one runs", () => open.length === 1);
    expect(open[0]!.job.user).toBe("a");
    line.limit(2);
    await until("two run", () => open.length === 2);
    for (const { end } of open) end();
    await line.stop();
  });
});

describe("a queue that is down", () => {
  const broken = (add: FillQueue["add"]): FillQueue => ({
    local: false,
    open: () => undefined,
    add,
    withdraw: () => false,
    work: () => ({ limit: () => undefined, stop: () => Promise.resolve() }),
    close: () => Promise.resolve(),
  });

  it("costs nothing but the fill: the decision is marked undelivered, and the budget is given back", async () => {
    const queue = broken(() => Promise.reject(new Error("ECONNREFUSED")));
    const test = await engineFor({}, cleanup, { queue });
    const level = test.engine.budget.level(test.clock.monotonicMs());
    test.request("ada");
    await until("it is told", () => test.engine.core.fills.undelivered === 1);
    await test.flush();
    const { id } = test.server.of("decision")[0]!;
    expect(test.server.of("fill")).toMatchObject([{ id, state: "undelivered", tookUs: 0 }]);
    expect(test.engine.budget.level(test.clock.monotonicMs())).toBe(level);
    expect(test.errors.map(String)).toEqual(["Error: ECONNREFUSED"]);
  });

  it("or that hangs, is given up after 2 s, and not asked by hundreds at once", async () => {
    let asked = 0;
    const queue = broken(() => {
      asked++;
      return new Promise(() => undefined);
    });
    const users = Array.from({ length: 100 }, (_, at) => ({ user: `u${at}`, delta: 1, costUs: 1_000 }));
    const { definitions } = (await import("./support/plans")).planOf();
    const test = await engineFor({ definitions: [{ ...definitions[0]!, users }] }, cleanup, { queue });
    for (const { user } of users) test.request(user);
    await until("all are decided on", () => test.feed.marks.length === 100);
    expect(asked).toBe(64);
    expect(test.engine.core.fills.undelivered).toBe(36);
    await test.clock.advance(2_000);
    await until("all are given up", () => test.engine.core.fills.undelivered === 100);
  });

  it("or full, drops", async () => {
    const test = await engineFor({}, cleanup, { queue: broken(() => Promise.resolve("full")) });
    test.request("ada");
    await until("it is dropped", () => test.engine.core.fills.dropped === 1);
  });
});
