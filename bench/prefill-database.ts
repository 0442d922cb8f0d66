import { COUNTS_LENGTH, encodePayload, indexOf, newCounts, type Payload } from "../lib/histogram/index.ts";
import type { NamedSubject } from "../lib/prefill/subjects.ts";
import { sumOf } from "../lib/prefill/build-profiles.ts";
import type { Db } from "../lib/store/db.ts";
import { ensurePartitions } from "../lib/store/partitions.ts";
import { saveDecisions } from "../lib/store/prefill-decisions.ts";
import { type Profile, ProfilePacker } from "../lib/store/profile-pack.ts";
import { beginProfiles, saveMerged } from "../lib/store/profiles.ts";
import { openScope, type Scope } from "../lib/store/scopes.ts";
import { USER_TIERS } from "../lib/store/tiers.ts";
import { highOf, lowOf, userKey } from "../lib/store/user-key.ts";
import { packUsers } from "../lib/store/user-pack.ts";
import { insertUserParts } from "../lib/store/window-parts.ts";
import { CACHE_METHOD, LOAD_METHOD } from "../lib/wire/index.ts";
import { seeded } from "./samples.ts";

export const USERS = 100_000;
export const HOURS = 168;
/** Users of each hour: as many as keep a row of their own. */
const USERS_AN_HOUR = 10_000;
export const DECISIONS = 100_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const random = seeded(7);
const gauss = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

function payloads(typicalUs: number, many: number, most: number): Payload[] {
  const counts = newCounts();
  return Array.from({ length: many }, () => {
    counts.fill(0, 0, COUNTS_LENGTH);
    for (let n = 1 + Math.floor(random() * most); n > 0; n--)
      counts[indexOf(Math.max(1, Math.round(typicalUs * Math.exp(0.5 * gauss()))))]!++;
    return encodePayload(counts);
  });
}

/** Windows of users that differ: one user in ten is slow when it has to compute. */
const SLOW = payloads(900_000, 400, 3);
const QUICK = payloads(60_000, 400, 3);
const HITS = payloads(9_000, 400, 4);
const any = (stock: readonly Payload[]): Payload => stock[Math.floor(random() * stock.length)]!;
const whole = (bytes: Payload) => ({ bytes, start: 0, end: bytes.length });

const keysOf = (service: string): bigint[] =>
  Array.from({ length: USERS }, (_, n) => userKey(service, `user-${n}`)).sort((a, b) => (a < b ? -1 : 1));

async function label(db: Db, serviceId: number, keys: readonly bigint[]): Promise<void> {
  for (let from = 0; from < keys.length; from += 10_000)
    await db.$executeRaw`
      INSERT INTO user_label (service_id, user_key, label, seen_on)
      SELECT ${serviceId}::int, k, 'user ' || k, now() FROM unnest(${keys.slice(from, from + 10_000)}::bigint[]) k
      ON CONFLICT DO NOTHING`;
}

/** A definition that 100,000 users visit now and then, 10,000 of them each hour of a week. */
export async function makeVisits(db: Db, nowMs: number): Promise<{ scope: Scope; subject: NamedSubject }> {
  for (let at = nowMs - HOURS * HOUR; at <= nowMs; at += DAY) await ensurePartitions(db, at);
  const names = [CACHE_METHOD, LOAD_METHOD].map((method) => ({ method, route: "feed" }));
  const { scope, book } = await openScope(db, { service: "visits", environment: "production" }, names);
  const [endpointId, loadId] = names.map((name) => book.resolve(name).id);
  const keys = keysOf("visits");
  await label(db, scope.serviceId, keys);
  for (let startMs = Math.floor(nowMs / HOUR - HOURS) * HOUR; startMs < nowMs; startMs += HOUR) {
    const users = keys.filter(() => random() < USERS_AN_HOUR / USERS);
    const pieces = users.map((key) => {
      const miss = Number(key & 0xffn) < 26 ? any(SLOW) : any(QUICK);
      return { high: highOf(key), low: lowOf(key), miss, hit: any(HITS) };
    });
    const visits = packUsers(
      pieces.map(({ high, low, miss, hit }) => ({
        high,
        low,
        pieces: [miss, hit, miss].map((bytes, place) => ({ kind: place, ...whole(place === 1 ? hit : bytes) })),
      })),
    );
    const loads = packUsers(
      pieces.map(({ high, low, miss }) => ({ high, low, pieces: [{ kind: 0, ...whole(miss) }] })),
    );
    await insertUserParts(db, USER_TIERS[1], [
      { endpointId: endpointId!, startMs, rolled: true, chunks: visits },
      { endpointId: loadId!, startMs, rolled: true, chunks: loads },
    ]);
  }
  await db.$executeRaw`ANALYZE`;
  const subject = {
    endpointId: endpointId!,
    isCached: true,
    loadId: loadId!,
    writeId: null,
    ttlSeconds: 1_800,
    name: "feed",
    mainEndpointId: null,
  };
  return { scope, subject };
}

/** Decisions of the last hours about it, one in two with a visit. */
export async function makeDecisions(db: Db, scope: Scope, { endpointId }: NamedSubject, nowMs: number): Promise<void> {
  const keys = keysOf("visits");
  const firstMs = nowMs - 20 * HOUR;
  for (let from = 0; from < DECISIONS; from += 5_000)
    await saveDecisions(
      db,
      scope.id,
      Array.from({ length: 5_000 }, (_, n) => {
        const atMs = Math.floor(firstMs + ((from + n) / DECISIONS) * 19 * HOUR);
        const hex = atMs.toString(16).padStart(12, "0");
        const tail = (from + n).toString(16).padStart(12, "0");
        return {
          id: `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-${tail}`,
          decided: {
            definitionId: endpointId,
            userKey: keys[Math.floor(random() * USERS)]!,
            signal: random() < 0.7 ? "session" : "POST /sign-in",
            arm: random() < 0.9 ? ("fill" as const) : ("withheld" as const),
            use: random(),
            delta: 0.5,
            costUs: 300_000,
            price: 0.1,
            notAfterMs: atMs + 1_800_000,
          },
          fill: { state: "filled" as const, tookUs: 300_000, bytes: 1_000 },
          ...(random() < 0.5 ? { visit: { atMs: atMs + 60_000, cache: "hit" as const, latencyUs: 9_000 } } : {}),
        };
      }),
    );
  await db.$executeRaw`ANALYZE`;
}

/** 100 definitions with as many profiles as are kept of so many: 500 each. */
export async function makeManyDefinitions(db: Db, nowMs: number): Promise<Scope> {
  const names = Array.from({ length: 100 }, (_, n) => ({ method: CACHE_METHOD, route: `definition-${n}` }));
  const { scope, book } = await openScope(db, { service: "many", environment: "production" }, names);
  const keys = keysOf("many");
  await label(db, scope.serviceId, keys);
  for (const name of names) {
    const packer = new ProfilePacker();
    for (const key of keys) if (random() < 0.005) packer.add(profileOf(key, nowMs));
    const chunks = packer.finish();
    const endpointId = book.resolve(name).id;
    await beginProfiles(db, endpointId, nowMs - 10 * DAY);
    await saveMerged(
      db,
      { endpointId, ...sumOf(chunks), madeAtMs: nowMs, tookMs: 0, fromMs: nowMs - 10 * DAY },
      chunks,
    );
  }
  return scope;
}

function profileOf(key: bigint, nowMs: number): Profile {
  const stock = Number(key & 0xffn) < 26 ? SLOW : QUICK;
  return {
    high: highOf(key),
    low: lowOf(key),
    cold: 5,
    loads: 5,
    loadUs: 5 * (stock === SLOW ? 900_000 : 60_000),
    writes: 0,
    lastHour: Math.floor(nowMs / HOUR),
    missEven: whole(any(stock)),
    missOdd: whole(any(stock)),
    hit: whole(any(HITS)),
    hours: [9, 3, 33, 2],
  };
}
