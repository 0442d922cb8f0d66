import { systemClock } from "@/lib/sdk/src/clock";
import { Engine, type EngineOptions } from "@/lib/sdk/src/prefill/engine";
import { namesBy } from "@/lib/sdk/src/prefill/names";
import type { FillQueue } from "@/lib/sdk/src/prefill/queue-type";
import { until } from "@/test/support/until";
import { FakeDefinition } from "./fake-definition";
import { PlanServer } from "./plan-server";
import { plannedDefinition, plannedUser, planOf } from "./plans";

export const USERS = Array.from({ length: 200 }, (_, at) => `user-${at}`);

/** An app that decides, on the real clock, with a server whose plan fills for any of `USERS`. */
export async function appWith(
  queue: FillQueue,
  cleanup: (() => unknown)[],
  changes: Partial<EngineOptions> & { pseudonymKey?: string } = {},
) {
  const { pseudonymKey, ...options } = changes;
  const names = namesBy(pseudonymKey);
  const users = USERS.map((user) => plannedUser(names.nameOf(user)!, { costUs: 1_000 }));
  const server = await PlanServer.start(planOf({ concurrency: 16, definitions: [plannedDefinition({ users })] }));
  const feed = new FakeDefinition();
  const errors: unknown[] = [];
  const source = {
    apiUrl: new URL(`${server.url}/api/v1/`),
    apiKey: "tf_test",
    service: "shop",
    environment: "test",
    instance: "web-1",
  };
  const engine = new Engine({
    source,
    clock: systemClock,
    names,
    definitions: () => [feed],
    queue,
    work: false,
    sessionGapMs: 1_800_000,
    mostUsers: 1_000,
    mostAtOnce: 64,
    loopDelayMs: 10_000,
    warn: () => undefined,
    report: (error) => errors.push(error),
    ...options,
  });
  cleanup.push(() => server.stop());
  cleanup.push(() => engine.stop());
  await engine.start();
  await until("the bucket holds something", () => engine.budget.affords(100_000, systemClock.monotonicMs()));
  const request = (user: string) => engine.signals.request("GET", "/", "ok", 1_000, user);
  return { engine, server, feed, errors, request, source, names };
}
