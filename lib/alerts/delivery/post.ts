import { type IncomingMessage, request } from "node:http";
import { connectTo, type Guard } from "./connect.ts";

/** Standard Webhooks advises 15 to 30 s. */
export const LIMIT_MS = 15_000;
/** So much of an answer is kept, for people to read. */
const ANSWER_BYTES = 1_000;

export interface Posted {
  status: number;
  retryAfter: string | undefined;
  /** The beginning of the answer. */
  answer: string;
}

/** Headers of every message, besides those of its signature and of the connection. */
export const MESSAGE_HEADERS = { "content-type": "application/json", "user-agent": "tailfill" } as const;

export interface Post {
  url: string;
  headers: Record<string, string>;
  body: string;
}

/**
 * Posts JSON to an address, if it may be reached. Redirects are not followed, proxies not used, and the connection is not kept. All of it, DNS and
 * TLS included, has 15 s.
 * @throws RefusedTarget; and whatever DNS, TCP, TLS and HTTP throw
 */
export async function post({ url, headers, body }: Post, guard: Guard, limitMs = LIMIT_MS): Promise<Posted> {
  const target = new URL(url);
  const signal = AbortSignal.timeout(limitMs);
  const socket = await connectTo(target, guard, signal);
  try {
    const response = await answerOf(target, { socket, headers, body, signal });
    const answer = await beginningOf(response);
    return { status: response.statusCode!, retryAfter: response.headers["retry-after"], answer };
  } finally {
    socket.destroy();
  }
}

interface Sending extends Omit<Post, "url"> {
  socket: Awaited<ReturnType<typeof connectTo>>;
  signal: AbortSignal;
}

function answerOf(target: URL, { socket, headers, body, signal }: Sending): Promise<IncomingMessage> {
  return new Promise((done, fail) => {
    const sending = request({
      createConnection: () => socket,
      method: "POST",
      path: target.pathname + target.search,
      headers: {
        ...MESSAGE_HEADERS,
        ...headers,
        host: target.host,
        "content-length": Buffer.byteLength(body),
        connection: "close",
      },
      signal,
    });
    sending.once("response", done).on("error", fail).end(body);
  });
}

/** Reads no further than is kept: an answer may have no end. */
async function beginningOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= ANSWER_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, ANSWER_BYTES).toString("utf8").replaceAll("\0", "");
}
