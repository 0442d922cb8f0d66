import { Engine, type EngineOptions } from "@/lib/sdk/src/prefill/engine";
import { namesBy } from "@/lib/sdk/src/prefill/names";
import { inProcessQueue } from "@/lib/sdk/src/prefill/queue-in-process";
import type { PrefillPlan } from "@/lib/wire/index";
import { until } from "@/test/support/until";
import { FakeClock } from "../../support/fake-clock";
import { FakeDefinition } from "./fake-definition";
import { PlanServer } from "./plan-server";
import { planOf } from "./plans";

export interface EngineTest {
  engine: Engine;
  server: PlanServer;
  clock: FakeClock;
  feed: FakeDefinition;
  warnings: string[];
  errors: unknown[];
  /** How late the loop is said to be, in milliseconds. */
  loop: { delayMs: number };
  /** A request of a user, as the middleware tells it. */
  request(user: string, changes?: { method?: string; route?: string; latencyUs?: number }): void;
  /** Sends what was logged, and waits until it arrived. */
  flush(): Promise<void>;
}

/** An engine on a fake clock, with a server that has this plan. */
export async function engineFor(
  plan: Partial<PrefillPlan>,
  cleanup: (() => unknown)[],
  changes: Partial<EngineOptions> & { pseudonymKey?: string } = {},
): Promise<EngineTest> {
  const clock = new FakeClock();
  const server = await PlanServer.start(planOf({ madeAtMs: clock.wallMs(), ...plan }));
  server.nowMs = () => clock.wallMs();
  server.renews = plan.madeAtMs === undefined;
  const feed = new FakeDefinition();
  const warnings: string[] = [];
  const errors: unknown[] = [];
  const loop = { delayMs: 0 };
  const { pseudonymKey, ...options } = changes;
  const engine = new Engine({
    source: {
      apiUrl: new URL(`${server.url}/api/v1/`),
      apiKey: "tf_test",
      service: "shop",
      environment: "test",
      instance: "web-1",
    },
    clock,
    names: namesBy(pseudonymKey),
    definitions: () => [feed],
    queue: inProcessQueue(),
    work: true,
    sessionGapMs: 1_800_000,
    mostUsers: 1_000,
    mostAtOnce: 64,
    loopDelayMs: 50,
    watchLoop: () => ({ take: () => loop.delayMs, stop: () => undefined }),
    warn: (code) => warnings.push(code),
    report: (error) => errors.push(error),
    ...options,
  });
  cleanup.push(() => server.stop());
  cleanup.push(() => {
    feed.slow = false;
    for (const { end } of feed.open.splice(0)) end("dropped");
    return engine.stop();
  });
  await engine.start();
  // The bucket is empty at first.
  await clock.advance(10_000);
  const request: EngineTest["request"] = (user, { method = "GET", route = "/", latencyUs = 1_000 } = {}) =>
    engine.signals.request(method, route, "ok", latencyUs, user);
  const flush = async () => {
    await engine.core.events.flush();
    await until("events have arrived", () => engine.core.events.stats.waiting === 0);
  };
  return { engine, server, clock, feed, warnings, errors, loop, request, flush };
}
