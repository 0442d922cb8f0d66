import fc from "fast-check";
import { COUNTS_LENGTH, countOf, encodePayload, newCounts, type Payload } from "@/lib/histogram";
import { type Batch, type EndpointSeries, LOSS_REASONS, OUTCOMES, type UserSeries } from "@/lib/wire";

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

const withEndpoints = (endpoints: fc.Arbitrary<EndpointSeries[]>): fc.Arbitrary<Batch> =>
  fc.record(
    {
      batch: fc.uuid(),
      service: name,
      environment: name,
      instance: name,
      release: name,
      window: fc.record({ startMs: fc.integer({ min: 0, max: 4e12 }), seconds: fc.integer({ min: 1, max: 3600 }) }),
      endpoints,
      losses: fc
        .dictionary(fc.constantFrom(...LOSS_REASONS), fc.nat())
        .map((losses) => new Map(Object.entries(losses))),
    },
    { requiredKeys: ["batch", "service", "environment", "instance", "window", "endpoints", "losses"] },
  );

/** Batches as a sender may make them, whose parts may say more than the whole. */
export const looseBatches = withEndpoints(fc.array(endpoint, { maxLength: 5 }));

/** Batches whose parts add up: any names, any payloads. */
export const batches = withEndpoints(fc.array(endpoint.map(honest), { maxLength: 5 }));

/** The endpoint with as many requests as its users have, or more, and no more hits and misses than requests. */
function honest({ users, outcomes, ...rest }: EndpointSeries): EndpointSeries {
  const told = users.reduce((sum, { latency }) => sum + countOf(latency), 0);
  const fitting = told > requestsIn(outcomes) ? { ...outcomes, ok: encodePayload([0, 0, told]) } : outcomes;
  return { ...rest, outcomes: fitting, users: users.map(honestUser) };
}

function honestUser({ id, latency, hit, miss }: UserSeries): UserSeries {
  const hits = hit && Math.floor(countOf(latency) / 2);
  return {
    id,
    latency,
    ...(hits === undefined ? {} : { hit: encodePayload([hits]) }),
    ...(miss === undefined ? {} : { miss: encodePayload([0, countOf(latency) - (hits ?? 0)]) }),
  };
}

/** The requests in some histograms. */
export function requestsIn(outcomes: EndpointSeries["outcomes"]): number {
  return Object.values(outcomes).reduce((sum, histogram) => sum + countOf(histogram), 0);
}

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
