import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { decodeBatch, type Batch } from "@/lib/wire/index";

/** A tailfill server that takes everything and keeps it. */
export interface Sink {
  url: string;
  batches: Batch[];
  close(): Promise<void>;
}

export async function sink(): Promise<Sink> {
  const batches: Batch[] = [];
  const take = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const body = await read(req);
    if (req.url?.endsWith("/ingest"))
      batches.push(decodeBatch(req.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body).batch);
    res.writeHead(200, { "content-type": "application/json" });
    res.end(JSON.stringify({ accepted: 1, rejected: [], duplicate: false }));
  };
  const server = createServer((req, res) => void take(req, res));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = (): Promise<void> => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, batches, close };
}

async function read(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
