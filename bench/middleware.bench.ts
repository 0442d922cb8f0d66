import { tailfill } from "@/lib/sdk/src/adapters/express";
import type { TailfillOptions } from "@/lib/sdk/src/client-type";
import { systemClock } from "@/lib/sdk/src/clock";
import { readSettings } from "@/lib/sdk/src/environment";
import { RunningClient } from "@/lib/sdk/src/running-client";
import { InProcess, type Middleware } from "./in-process.ts";
import { apitally, bundle, emptyHook, openTelemetry, promClient, stopPeers, swagger, userOf } from "./peers.ts";
import { collect, median, type Row, short } from "./rounds.ts";

const REQUESTS = 3_000;
const ROUNDS = 25;
const WARM_UP = 7;

/**
 * CPU that a middleware adds to a request, in process: its median over alternating rounds, less the bare median. 200
 * endpoints, 10,000 users. Sending and scraping are left out for everybody; `window-close` has what that costs here.
 */
export default async function middleware(): Promise<Row[]> {
  const contenders = new Map<string, Middleware>([
    ["bare", bare],
    ["bare again (control)", bare],
    ["empty hook", emptyHook],
    ["tailfill", ours()],
    ["tailfill, with user", ours(userOf)],
    ["prom-client by hand", promClient()],
    ["OpenTelemetry http metrics", openTelemetry()],
    ["apitally, with consumer", apitally()],
    ["express-prom-bundle", bundle()],
    ["swagger-stats", swagger()],
  ]);
  const costs = measure(contenders);
  stopPeers();
  const bareNs = costs.get("bare")!;
  return [...costs].map(([name, ns]) => ({
    middleware: name,
    "added ns": short(ns - bareNs, 0),
    "times ours": short((ns - bareNs) / (costs.get("tailfill, with user")! - bareNs), 2),
  }));
}

const bare: Middleware = (_req, _res, next) => next();

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

function measure(contenders: Map<string, Middleware>): Map<string, number> {
  const harness = new InProcess();
  const names = [...contenders.keys()];
  const costs = new Map(names.map((name) => [name, [] as number[]]));
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    collect();
    for (const name of round % 2 ? names : names.toReversed()) {
      const ns = harness.run(contenders.get(name)!, REQUESTS);
      if (round >= 0) costs.get(name)!.push(ns);
    }
  }
  return new Map([...costs].map(([name, list]) => [name, median(list)]));
}
