import fc from "fast-check";
import { COUNTS_LENGTH, encodePayload, newCounts, type Payload } from "@/lib/histogram";
import { type Batch, LOSS_REASONS, OUTCOMES } from "@/lib/wire";

export const payload: fc.Arbitrary<Payload> = fc
  .array(fc.tuple(fc.nat(COUNTS_LENGTH - 1), fc.integer({ min: 1, max: 100_000 })), { maxLength: 12 })
  .map((pairs) => {
    const counts = newCounts();
    for (const [index, count] of pairs) counts[index] = count;
    return encodePayload(counts);
  });

const name = fc
  .string({ minLength: 1, maxLength: 40, unit: "binary" })
  .map((text) => text.replaceAll("\0", "0") || "x");

const user = fc.record(
  { id: name, latency: payload, hit: payload, miss: payload },
  { requiredKeys: ["id", "latency"] },
);

const endpoint = fc.record({
  method: fc.constantFrom("GET", "POST", "ÜBER"),
  route: name,
  outcomes: fc.record(Object.fromEntries(OUTCOMES.map((outcome) => [outcome, payload])), { requiredKeys: [] }),
  users: fc.array(user, { maxLength: 6 }),
});

/** Batches as a sender may make them: any names, any payloads. */
export const batches: fc.Arbitrary<Batch> = fc.record(
  {
    batch: fc.uuid(),
    service: name,
    environment: name,
    instance: name,
    release: name,
    window: fc.record({ startMs: fc.integer({ min: 0, max: 4e12 }), seconds: fc.integer({ min: 1, max: 3600 }) }),
    endpoints: fc.array(endpoint, { maxLength: 5 }),
    losses: fc.dictionary(fc.constantFrom(...LOSS_REASONS), fc.nat()).map((losses) => new Map(Object.entries(losses))),
  },
  { requiredKeys: ["batch", "service", "environment", "instance", "window", "endpoints", "losses"] },
);

/** What two batches have in common: plain, with no difference between kinds of byte arrays and objects. */
export function plain(batch: Batch): unknown {
  const hex = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString("hex");
  return {
    ...batch,
    losses: Object.fromEntries(batch.losses),
    endpoints: batch.endpoints.map(({ method, route, outcomes, users }) => ({
      method,
      route,
      outcomes: Object.fromEntries(Object.entries(outcomes).map(([outcome, bytes]) => [outcome, hex(bytes)])),
      users: users.map(({ id, latency, hit, miss }) => ({ id, latency: hex(latency), hit: hex(hit), miss: hex(miss) })),
    })),
  };
}
