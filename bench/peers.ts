import { ValueType, type Attributes } from "@opentelemetry/api";
import { AggregationTemporality, MeterProvider, MetricReader } from "@opentelemetry/sdk-metrics";
import { useApitally } from "apitally/express";
import express, { type Request } from "express";
import promBundle from "express-prom-bundle";
import { Histogram, Registry } from "prom-client";
// @ts-expect-error -- it has no types
import untypedSwaggerStats from "swagger-stats";
import type { Middleware } from "./in-process.ts";

const swaggerStats = untypedSwaggerStats as { getMiddleware(options: object): Middleware };

const BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What a middleware pays for one listener and nothing else. */
export const emptyHook: Middleware = (_, res, next) => {
  res.on("close", nothing);
  next();
};

/** prom-client by hand, as its documentation shows it. */
export function promClient(): Middleware {
  const seconds = new Histogram({
    name: "http_request_duration_seconds",
    help: "-",
    labelNames: ["method", "route", "status"],
    buckets: BUCKETS_SECONDS,
    registers: [new Registry()],
  });
  return (req, res, next) => {
    const stop = seconds.startTimer();
    res.on("finish", () => stop({ method: req.method, route: routeOf(req), status: res.statusCode }));
    next();
  };
}

export function bundle(): Middleware {
  return promBundle({ includeMethod: true, includePath: true, promRegistry: new Registry() } as promBundle.Opts);
}

export function swagger(): Middleware {
  return swaggerStats.getMiddleware({ name: "bench" });
}

/** Its hub is nowhere, so that nothing is sent. */
export function apitally(): Middleware {
  process.env["APITALLY_HUB_BASE_URL"] = "http://127.0.0.1:1";
  const app = express();
  useApitally(app, { clientId: "76b5cb91-a0a4-4ea0-a894-57d2b9fcb2c9", env: "bench", logger: quiet });
  const { stack } = app.router as unknown as { stack: { handle: Middleware }[] };
  return stack.at(-1)!.handle;
}

class StandStill extends MetricReader {
  protected override onForceFlush = async (): Promise<void> => undefined;
  protected override onShutdown = async (): Promise<void> => undefined;
}

/** OpenTelemetry's metrics SDK with the semantic conventions' HTTP server histogram and timing of our own. */
export function openTelemetry(): Middleware {
  const reader = new StandStill({ aggregationTemporalitySelector: () => AggregationTemporality.DELTA });
  const meter = new MeterProvider({ readers: [reader] }).getMeter("bench");
  const seconds = meter.createHistogram("http.server.request.duration", {
    unit: "s",
    valueType: ValueType.DOUBLE,
    advice: { explicitBucketBoundaries: BUCKETS_SECONDS },
  });
  return (req, res, next) => {
    const startMs = performance.now();
    res.on("finish", () => {
      const attributes: Attributes = {
        "http.request.method": req.method,
        "http.route": routeOf(req),
        "http.response.status_code": res.statusCode,
        "url.scheme": "http",
      };
      seconds.record((performance.now() - startMs) / 1000, attributes);
    });
    next();
  };
}

const nothing = (): void => undefined;
const quiet = { debug: nothing, info: nothing, warn: nothing, error: nothing };
const routeOf = (req: Request): string => (req.route as { path: string }).path;
export const userOf = (req: object): string => (req as { user: { id: string } }).user.id;
