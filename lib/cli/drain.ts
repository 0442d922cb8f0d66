import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import type { Readiness } from "../jobs/readiness.ts";
import { VERSION } from "../version.ts";

const READY_PATH = "/api/ready";

/**
 * The end of a web process behind a load balancer: for some seconds it answers everything as before, but says that it is no longer
 * ready and gives up each connection with its answer, so that nobody has one open to it when it is gone.
 */
export class Drain {
  private isOn = false;

  constructor(private readonly seconds: number) {}

  /** To be called for every request, before it is answered. @returns whether it has been answered */
  pass(request: IncomingMessage, response: ServerResponse): boolean {
    if (!this.isOn) return false;
    response.setHeader("Connection", "close");
    if (request.method !== "GET" || request.url !== READY_PATH) return false;
    const body = JSON.stringify({ status: "stopping", version: VERSION } satisfies Readiness);
    response.writeHead(503, { "content-type": "application/json", "cache-control": "no-store" }).end(body);
    return true;
  }

  /** Begins, and waits until others have had their time to notice. */
  async run(): Promise<void> {
    this.isOn = true;
    await pause(this.seconds * 1000);
  }
}
