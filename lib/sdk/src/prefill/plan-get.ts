import * as http from "node:http";
import * as https from "node:https";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { MOST_PLANNED_USERS } from "../../../wire/index.ts";
import type { Clock } from "../clock.ts";
import { UserCap } from "./cap-users.ts";

/** What is kept of a plan, and what is read of one before it is given up. */
const MOST_KEPT_BYTES = 16 * 1024 * 1024;
const MOST_READ_BYTES = 256 * 1024 * 1024;

/** What came of asking for the plan. `dateMs` is the server's clock, NaN when it does not tell it. */
export type PlanAnswer =
  | { kind: "plan"; text: string; etag: string | undefined; dateMs: number; cutUsers: number }
  | { kind: "same"; dateMs: number }
  | { kind: "refused"; status: number; retryAfter: string | undefined }
  | { kind: "fault"; message: string };

export interface PlanGetter {
  /** Asks for the plan unless it is still the one with this tag. Never rejects. */
  get(etag: string | undefined): Promise<PlanAnswer>;
  /** Ends a question under way, and all connections. */
  close(): void;
}

export interface PlanGetterOptions {
  url: URL;
  apiKey: string;
  /** From the start of a question to the end of its answer. */
  timeoutMs: number;
  clock: Clock;
}

/** By node:http, for the reasons that batches are posted by it. */
export function createPlanGetter(options: PlanGetterOptions): PlanGetter {
  const client = options.url.protocol === "https:" ? https : http;
  const agent = new client.Agent({ keepAlive: true, maxSockets: 1 });
  let underWay: http.ClientRequest | undefined;
  const headers = (etag: string | undefined) => ({
    authorization: `Bearer ${options.apiKey}`,
    accept: "application/json",
    "accept-encoding": "gzip",
    "user-agent": "tailfill-sdk",
    ...(etag === undefined ? {} : { "if-none-match": etag }),
  });
  return {
    get: (etag) =>
      new Promise((resolve) => {
        try {
          underWay = client.request(options.url, { agent, headers: headers(etag) });
          settle(underWay, options, resolve);
          underWay.end();
        } catch (error) {
          resolve(fault(error));
        }
      }),
    close() {
      underWay?.destroy(new Error("stopped"));
      agent.destroy();
    },
  };
}

/** Resolves once, by the answer's end, a fault, or the timeout, whichever comes first. */
function settle(request: http.ClientRequest, options: PlanGetterOptions, resolve: (answer: PlanAnswer) => void): void {
  const timer = options.clock.after(options.timeoutMs, () => {
    request.destroy();
    finish({ kind: "fault", message: `no answer within ${options.timeoutMs} ms` });
  });
  const finish = (answer: PlanAnswer) => {
    timer.cancel();
    resolve(answer);
  };
  request.on("socket", (socket) => socket.unref());
  // Stays on after `done`: an error without a listener would end the host's process.
  request.on("error", (error) => finish(fault(error)));
  request.on("response", (response) => {
    readAnswer(response).then(finish, (error: unknown) => {
      request.destroy();
      finish(fault(error));
    });
  });
}

async function readAnswer(response: http.IncomingMessage): Promise<PlanAnswer> {
  const { statusCode: status = 0, headers } = response;
  const dateMs = Date.parse(headers.date ?? "");
  if (status === 200) {
    const cap = new UserCap(MOST_PLANNED_USERS);
    const text = await keptOf(bodyOf(response), cap);
    return { kind: "plan", text, etag: headers.etag, dateMs, cutUsers: cap.cut };
  }
  response.resume();
  if (status === 304) return { kind: "same", dateMs };
  return { kind: "refused", status, retryAfter: headers["retry-after"] };
}

function bodyOf(response: http.IncomingMessage): Readable {
  if (response.headers["content-encoding"] !== "gzip") return response;
  const inflated = createGunzip();
  // `pipe` alone would leave the reader waiting when the connection breaks.
  response.on("error", (error) => inflated.destroy(error));
  return response.pipe(inflated);
}

async function keptOf(body: Readable, cap: UserCap): Promise<string> {
  const pieces: Buffer[] = [];
  let kept = 0;
  let read = 0;
  for await (const piece of body as AsyncIterable<Buffer>) {
    const part = cap.take(piece);
    pieces.push(part);
    kept += part.length;
    read += piece.length;
    if (kept > MOST_KEPT_BYTES || read > MOST_READ_BYTES) throw new Error("the plan is too big");
  }
  return Buffer.concat(pieces).toString("utf8");
}

function fault(error: unknown): PlanAnswer {
  return { kind: "fault", message: error instanceof Error ? error.message || error.name : String(error) };
}
