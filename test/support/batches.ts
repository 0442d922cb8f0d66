import { randomUUID } from "node:crypto";
import { encodePayload, indexOf, newCounts, type Payload } from "@/lib/histogram/index";
import type { Batch, EndpointSeries, UserSeries } from "@/lib/wire/index";

/** The payload of some latencies, microseconds. */
export function payloadOf(...latenciesUs: number[]): Payload {
  const counts = newCounts();
  for (const latencyUs of latenciesUs) counts[indexOf(latencyUs)]! += 1;
  return encodePayload(counts);
}

/** A batch with a new id; what is not said is filled in. */
export function batchOf(changes: Partial<Batch> = {}): Batch {
  return {
    batch: randomUUID(),
    service: "shop",
    environment: "production",
    instance: "web-1",
    window: { startMs: Date.parse("2026-11-22T10:00:00Z"), seconds: 10 },
    endpoints: [endpointOf()],
    losses: new Map(),
    ...changes,
  };
}

/** `GET /users/:id` with one request of 1 ms by user 42. */
export function endpointOf(changes: Partial<EndpointSeries> = {}): EndpointSeries {
  return {
    method: "GET",
    route: "/users/:id",
    outcomes: { ok: payloadOf(1_000) },
    users: [userOf("42", 1_000)],
    ...changes,
  };
}

export function userOf(id: string, ...latenciesUs: number[]): UserSeries {
  return { id, latency: payloadOf(...latenciesUs) };
}
