import { randomUUID } from "node:crypto";
import { gzipSync } from "node:zlib";
import { encodeV2Compressed } from "@/lib/histogram/index";
import { accept, type Accepted, type IngestContext } from "@/lib/ingest/accept";
import { TokenBuckets } from "@/lib/ingest/token-bucket";
import type { Db } from "@/lib/store/db";
import { DiskWatch } from "@/lib/store/disk";
import { payloadOf } from "./batches.ts";
import { FakeClock } from "./clock.ts";

/** A histogram as the JSON form carries it. */
export const histogram = (...us: number[]): string =>
  Buffer.from(encodeV2Compressed(payloadOf(...us))).toString("base64");

/** A batch in the JSON form, with a new id. */
export function jsonBatch(changes: Record<string, unknown> = {}) {
  return {
    v: 1,
    batch: randomUUID(),
    service: "shop",
    environment: "production",
    instance: "web-1:4242:k3x9",
    window: { start: "2026-11-22T10:00:00Z", seconds: 10 },
    endpoints: [
      {
        method: "GET",
        route: "/users/:id/comments",
        outcomes: { ok: histogram(1_000, 2_000) },
        users: [{ id: "42", latency: histogram(1_000) }],
      },
    ],
    ...changes,
  };
}

/** A request to ingest. */
export function requestOf(body: BodyInit | null, headers: Record<string, string> = {}): Request {
  return new Request("http://localhost/api/v1/ingest", {
    method: "POST",
    body,
    headers: { "content-type": "application/json", ...headers },
    duplex: "half",
  } as RequestInit);
}

export const gzipped = (body: string | Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(gzipSync(body));

/** What ingest needs, on a clock that stands at 10:00:30 on the batches' day. */
export function ingestContext(db: Db, changes: Partial<IngestContext> = {}): IngestContext {
  const clock = new FakeClock(Date.parse("2026-11-22T10:00:30Z"));
  const buckets = new TokenBuckets({ perSecond: 1e6, burst: 1e6 });
  return { db, clock, disk: new DiskWatch(undefined, clock), buckets, keyId: "key", ...changes };
}

/** The answer, or the code of the error. */
export async function answerOf(request: Request, context: IngestContext): Promise<Accepted | string> {
  try {
    return await accept(request, context);
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}
