import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";

import { decodeTrustedBatch, type Batch } from "@/lib/wire/index";

export interface Received {
  headers: IncomingMessage["headers"];
  url: string;
  body: Buffer;
}

export type Answer = (res: ServerResponse, received: Received, count: number) => void;

/** A tailfill server of a test's making: it keeps what came and answers as it is told. */
export class StubServer {
  readonly received: Received[] = [];
  answer: Answer = accept;
  #server: Server;

  private constructor() {
    this.#server = createServer((req, res) => void this.#handle(req, res));
  }

  static async start(answer: Answer = accept, port = 0): Promise<StubServer> {
    const stub = new StubServer();
    stub.answer = answer;
    await new Promise<void>((resolve) => stub.#server.listen(port, "127.0.0.1", resolve));
    return stub;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** What came, decoded. */
  get batches(): Batch[] {
    return this.received.map(({ body }) => decodeTrustedBatch(gunzipSync(body)));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const received = { headers: req.headers, url: req.url ?? "", body: Buffer.concat(chunks) };
    this.received.push(received);
    this.answer(res, received, this.received.length);
  }
}

export function accept(res: ServerResponse): void {
  res.setHeader("content-type", "application/json");
  res.end(JSON.stringify({ accepted: 1, rejected: [], duplicate: false }));
}

export function status(code: number, headers: Record<string, string> = {}): Answer {
  return (res) => {
    res.writeHead(code, headers);
    res.end(JSON.stringify({ code: "stub" }));
  };
}

/** The first request is answered so, all later ones are accepted. */
export function once(answer: Answer): Answer {
  return (res, received, count) => (count === 1 ? answer(res, received, count) : accept(res));
}
