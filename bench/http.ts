import { Agent, request } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { BATCH_MEDIA_TYPE } from "@/lib/wire/index";

export const agent = new Agent({ keepAlive: true, maxSockets: 64 });

export interface Answer {
  status: number;
  body: string;
}

export function ask(
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: Uint8Array } = {},
): Promise<Answer> {
  return new Promise((done, fail) => {
    const { method = "GET", headers = {} } = options;
    const sent = request(url, { method, headers, agent }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
      response.on("end", () => done({ status: response.statusCode ?? 0, body })).on("error", fail);
    });
    sent.on("error", fail).end(options.body);
  });
}

/** Sends a batch until it is taken. Returns for how long, milliseconds. */
export async function sendBatch(target: { url: string; key: string }, body: Uint8Array): Promise<number> {
  const headers = {
    authorization: `Bearer ${target.key}`,
    "content-type": BATCH_MEDIA_TYPE,
    "content-encoding": "gzip",
    "content-length": String(body.length),
  };
  const start = performance.now();
  for (;;) {
    // A connection that the server has just closed is a network fault, after which SDKs send again as well.
    const sent = ask(`${target.url}/api/v1/ingest`, { method: "POST", headers, body });
    const { status, body: answer } = await sent.catch((error: Error) => ({ status: 503, body: error.message }));
    if (status === 200) return performance.now() - start;
    if (status !== 503 && status !== 429) throw new Error(`ingest answered ${status}: ${answer}`);
    await pause(100);
  }
}
