import type { AddressInfo } from "node:net";
import express, { type RequestHandler } from "express";
import { tailfill } from "@/lib/sdk/src/adapters/express";
import { bundle, openTelemetry, promClient } from "./peers.ts";

/** What the parent asks of a server: its CPU time so far, in microseconds. */
export type Question = "cpu";

const MOUNTED: Record<string, () => unknown> = {
  bare: () => undefined,
  "bare again (control)": () => undefined,
  "empty hook": () => (_req: unknown, _res: unknown, next: () => void) => next(),
  tailfill: () => tailfill({ service: "bench" }),
  "tailfill, with user": () => tailfill({ service: "bench", user: (req) => req.headers["x-user"] as string }),
  "prom-client by hand": promClient,
  "OpenTelemetry http metrics": openTelemetry,
  "express-prom-bundle": bundle,
};

export const variants = Object.keys(MOUNTED);

/** An Express app of 50 endpoints with this middleware in front, in a process of its own that a parent measures. */
export function serve(variant: string): void {
  const app = express();
  const middleware = MOUNTED[variant]!();
  if (middleware !== undefined) app.use(middleware as RequestHandler);
  for (let at = 0; at < 50; at++) {
    app.get(`/shop/${at}/items/:id`, (req, res) => {
      res.json({ id: req.params.id, name: "a thing", tags: ["a", "b", "c"], price: 12.5 });
    });
  }
  const server = app.listen(0, "127.0.0.1", () => process.send!((server.address() as AddressInfo).port));
  process.on("disconnect", () => process.exit());
  process.on("message", () => {
    const { user, system } = process.cpuUsage();
    process.send!(user + system);
  });
}
