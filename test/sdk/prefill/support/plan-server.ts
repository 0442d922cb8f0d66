import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync, gzipSync } from "node:zlib";
import type { PrefillEvent, PrefillPlan, PrefillReport } from "@/lib/wire/index";

export type Behaviour = "well" | "500" | "junk" | "silent" | "401";

/** A tailfill server with the two routes of prefill. It also takes batches, and forgets them. */
export class PlanServer {
  readonly reports: PrefillReport[] = [];
  /** What was asked of the plan: the query, and whether it was still the same. */
  readonly asks: { query: URLSearchParams; same: boolean }[] = [];
  plans: Behaviour = "well";
  takes: Behaviour = "well";
  /** The `Date` of its answers. */
  nowMs: () => number = Date.now;
  gzip = false;
  /** Whether the plan is made anew every minute, as the real one is. */
  renews = false;
  #plan: PrefillPlan | string = "";
  #version = 0;
  readonly #server: Server;

  private constructor(plan: PrefillPlan) {
    this.plan(plan);
    this.#server = createServer((req, res) => void this.#handle(req, res));
  }

  static async start(plan: PrefillPlan, port = 0): Promise<PlanServer> {
    const server = new PlanServer(plan);
    await new Promise<void>((resolve) => server.#server.listen(port, "127.0.0.1", resolve));
    return server;
  }

  /** Sets what the plan is from now on. */
  plan(plan: PrefillPlan | string): void {
    this.#plan = plan;
    this.#version++;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get events(): PrefillEvent[] {
    return this.reports.flatMap(({ events }) => events);
  }

  /** The events of one kind, in the order in which they came. */
  of<Type extends PrefillEvent["type"]>(type: Type): Extract<PrefillEvent, { type: Type }>[] {
    return this.events.filter((event): event is Extract<PrefillEvent, { type: Type }> => event.type === type);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const url = new URL(req.url ?? "", "http://x");
    res.setHeader("date", new Date(this.nowMs()).toUTCString());
    if (url.pathname === "/api/v1/prefill/plan") return this.#answerPlan(req, res, url);
    if (url.pathname === "/api/v1/prefill/events") return this.#answerEvents(res, Buffer.concat(chunks));
    res.end(JSON.stringify({ accepted: 1, rejected: [], duplicate: false }));
  }

  #answerPlan(req: IncomingMessage, res: ServerResponse, url: URL): void {
    const minute = this.renews ? Math.floor(this.nowMs() / 60_000) : 0;
    const etag = `"${this.#version}-${minute}"`;
    const same = req.headers["if-none-match"] === etag;
    this.asks.push({ query: url.searchParams, same });
    if (this.#misbehaves(this.plans, res)) return;
    res.setHeader("etag", etag);
    if (same) return void res.writeHead(304).end();
    const plan =
      typeof this.#plan === "string" || !this.renews ? this.#plan : { ...this.#plan, madeAtMs: minute * 60_000 };
    const body = typeof plan === "string" ? plan : JSON.stringify(plan);
    if (!this.gzip) return void res.end(body);
    res.setHeader("content-encoding", "gzip");
    res.end(gzipSync(body));
  }

  #answerEvents(res: ServerResponse, body: Buffer): void {
    if (this.#misbehaves(this.takes, res)) return;
    const report = JSON.parse(gunzipSync(body).toString("utf8")) as PrefillReport;
    this.reports.push(report);
    res.end(JSON.stringify({ accepted: report.events.length, rejected: [] }));
  }

  #misbehaves(behaviour: Behaviour, res: ServerResponse): boolean {
    if (behaviour === "well") return false;
    if (behaviour === "junk") res.end("<html>no plan</html>");
    else if (behaviour !== "silent") res.writeHead(Number(behaviour)).end();
    return true;
  }
}
