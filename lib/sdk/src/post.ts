import * as http from "node:http";
import * as https from "node:https";

import type { PostResult } from "./answer.ts";
import type { Clock } from "./clock.ts";

const ANSWER_BYTES = 64 * 1024;

export interface Poster {
  /** Posts one body; never rejects. */
  post(body: Uint8Array): Promise<PostResult>;
  /** Ends a post that is under way, and all connections. */
  close(): void;
}

export interface PosterOptions {
  url: URL;
  apiKey: string;
  mediaType: string;
  /** From the start of a post to the end of its answer. */
  timeoutMs: number;
  clock: Clock;
}

/**
 * Posts by node:http rather than by the global `fetch`: frameworks and tracers replace `fetch` (Next.js caches it), it
 * follows redirects with our key, and its sockets cannot be unref'd, so that a process would wait for them.
 */
export function createPoster(options: PosterOptions): Poster {
  const client = options.url.protocol === "https:" ? https : http;
  const agent = new client.Agent({ keepAlive: true, maxSockets: 1 });
  let underWay: http.ClientRequest | undefined;
  const open = (body: Uint8Array) =>
    client.request(options.url, {
      method: "POST",
      agent,
      headers: {
        authorization: `Bearer ${options.apiKey}`,
        "content-type": options.mediaType,
        "content-encoding": "gzip",
        "content-length": body.byteLength,
        accept: "application/json",
        "user-agent": "tailfill-sdk",
      },
    });
  return {
    post: (body) =>
      new Promise((resolve) => {
        try {
          underWay = open(body);
          settle(underWay, options, resolve);
          underWay.end(body);
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
function settle(request: http.ClientRequest, options: PosterOptions, resolve: (result: PostResult) => void): void {
  const timer = options.clock.after(options.timeoutMs, () => {
    request.destroy();
    done({ kind: "fault", message: `no answer within ${options.timeoutMs} ms` });
  });
  const done = (result: PostResult) => {
    timer.cancel();
    resolve(result);
  };
  request.on("socket", (socket) => socket.unref());
  // Stays on after `done`: an error without a listener would end the host's process.
  request.on("error", (error) => done(fault(error)));
  request.on("response", (response) => readAnswer(response, done));
}

function readAnswer(response: http.IncomingMessage, done: (result: PostResult) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const finish = (body: string | null) =>
    done({
      kind: "answer",
      status: response.statusCode ?? 0,
      retryAfter: response.headers["retry-after"],
      date: response.headers.date,
      body,
    });
  response.on("data", (chunk: Buffer) => {
    bytes += chunk.byteLength;
    if (bytes <= ANSWER_BYTES) return void chunks.push(chunk);
    finish(null);
    response.destroy();
  });
  response.on("end", () => finish(Buffer.concat(chunks).toString("utf8")));
  response.on("error", (error) => done(fault(error)));
}

function fault(error: unknown): PostResult {
  return { kind: "fault", message: error instanceof Error ? error.message || error.name : String(error) };
}
