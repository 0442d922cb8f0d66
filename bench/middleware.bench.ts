import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { tailfill } from "@/lib/sdk/src/adapters/express";
import type { TailfillOptions } from "@/lib/sdk/src/client-type";
import { systemClock } from "@/lib/sdk/src/clock";
import { followRequests } from "@/lib/sdk/src/context";
import { readSettings } from "@/lib/sdk/src/environment";
import { RunningClient } from "@/lib/sdk/src/running-client";
import { InProcess, type Middleware } from "./in-process.ts";
import { apitally, bundle, emptyHook, openTelemetry, promClient, swagger, userOf } from "./peers.ts";
import { collect, median, type Row, short } from "./rounds.ts";

const REQUESTS = 30_000;
/** Run unmeasured each time: a collection may have thrown optimised code away (see `medians`). */
const WARM_UP = 15_000;
const ROUNDS = 5;
/** Processes of each contender, one after the other. */
const PROCESSES = 3;
const AS_CHILD = "TAILFILL_BENCH_MIDDLEWARE";

const bare: Middleware = (_req, _res, next) => next();
const OURS = "tailfill, with user";

const CONTENDERS: Record<string, () => Middleware> = {
  "bare (control)": () => (_req, _res, next) => next(),
  "empty hook": () => emptyHook,
  tailfill: () => ours(),
  [OURS]: () => ours(userOf),
  "tailfill, with user, in an app that caches": () => {
    followRequests();
    return ours(userOf);
  },
  "prom-client by hand": promClient,
  "OpenTelemetry http metrics": openTelemetry,
  "apitally, with consumer": apitally,
  "express-prom-bundle": bundle,
  "swagger-stats": swagger,
};

if (process.env[AS_CHILD]) process.send!(added(CONTENDERS[process.env[AS_CHILD]]!()), () => process.exit());

/**
 * CPU that a middleware adds to a request, in process: its median over alternating rounds, less the bare median. 200
 * endpoints, 10,000 users. Each in processes of its own, since some peers make everything dearer that runs beside them.
 * Sending and scraping are left out for everybody; `window-close` has what that costs here.
 */
export default async function middleware(): Promise<Row[]> {
  const costs = new Map(Object.keys(CONTENDERS).map((name) => [name, [] as number[]]));
  for (let process = 0; process < PROCESSES; process++) {
    for (const [name, list] of costs) list.push(await inChild(name));
  }
  const oursNs = median(costs.get(OURS)!);
  return [...costs].map(([name, list]) => ({
    middleware: name,
    "added ns": short(median(list), 0),
    least: short(Math.min(...list), 0),
    "times ours": short(median(list) / oursNs, 2),
  }));
}

async function inChild(name: string): Promise<number> {
  const execArgv = ["--expose-gc", "--no-flush-bytecode"];
  const child = fork(fileURLToPath(import.meta.url), { env: { ...process.env, [AS_CHILD]: name }, execArgv });
  const [ns] = (await once(child, "message")) as [number];
  await once(child, "exit");
  return ns;
}

function added(contender: Middleware): number {
  const harness = new InProcess();
  const cost = (each: Middleware) => {
    collect();
    harness.run(each, WARM_UP);
    return harness.run(each, REQUESTS);
  };
  const rounds = Array.from({ length: ROUNDS }, () => [cost(bare), cost(contender)] as const);
  return median(rounds.map(([, its]) => its)) - median(rounds.map(([its]) => its));
}

/** Ours, with a client whose windows do not close while it is measured. */
function ours(user?: TailfillOptions["user"]): Middleware {
  const settings = readSettings({ url: "http://127.0.0.1:1", apiKey: "tf_bench" });
  const { ingestUrl, apiKey } = settings;
  const client = new RunningClient({
    settings: { ...settings, ingestUrl: ingestUrl!, apiKey: apiKey! },
    options: { user },
    clock: { ...systemClock, after: () => ({ cancel: () => undefined }) },
    warn: () => undefined,
    stopped: () => undefined,
  });
  return tailfill(client) as Middleware;
}
