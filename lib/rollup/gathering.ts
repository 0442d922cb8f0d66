import type { PayloadRange } from "../histogram/index.ts";
import { ENDPOINT_TIERS, type Tier, USER_TIERS } from "../store/tiers.ts";
import { HIT, LATENCY, MISS, type Piece } from "../store/user-pack.ts";
import { type EndpointSeries, OUTCOMES } from "../wire/index.ts";
import type { GatheredUser } from "./gathered-user.ts";
import type { KnownUser } from "./known-users.ts";

const ENDPOINT_TIER: Tier = ENDPOINT_TIERS[0];
const USER_TIER: Tier = USER_TIERS[0];

/** What falls into one window and outcome, still to be added up. The key is `offset × outcomes + outcome`. */
export type SpanWindows = Map<number, PayloadRange[]>;

/** An endpoint's part of a fold: nothing is copied or added yet, everything points into the batches. */
export interface GatheredEndpoint {
  /** By start of the span. */
  spans: Map<number, SpanWindows>;
  /** By start of the window. */
  users: Map<number, Map<KnownUser, GatheredUser>>;
}

/** Gathers batches by endpoint and window, so that each window is added up once, however many batches it came in. */
export class Gathering {
  readonly endpoints = new Map<number, GatheredEndpoint>();
  /** The endpoint that stands for all, by endpoint. */
  readonly totals = new Map<number, number>();

  /** Adds an endpoint's outcomes of a window that starts at `atMs`. */
  addOutcomes(endpointId: number, outcomes: EndpointSeries["outcomes"], atMs: number): void {
    const { spans } = this.of(endpointId);
    const startMs = floorTo(atMs, ENDPOINT_TIER.spanSeconds);
    const windows = getOrAdd(spans, startMs, () => new Map<number, PayloadRange[]>());
    const offset = Math.floor((atMs - startMs) / (ENDPOINT_TIER.windowSeconds * 1000));
    OUTCOMES.forEach((outcome, place) => {
      const bytes = outcomes[outcome];
      if (bytes === undefined || bytes.length === 0) return;
      getOrAdd(windows, windowKey(offset, place), () => []).push({ bytes, start: 0, end: bytes.length });
    });
  }

  /** The users of an endpoint in the window that holds `atMs`. */
  usersOf(endpointId: number, atMs: number): Map<KnownUser, GatheredUser> {
    const startMs = floorTo(atMs, USER_TIER.spanSeconds);
    return getOrAdd(this.of(endpointId).users, startMs, () => new Map<KnownUser, GatheredUser>());
  }

  private of(endpointId: number): GatheredEndpoint {
    return getOrAdd(this.endpoints, endpointId, () => ({ spans: new Map(), users: new Map() }));
  }
}

/** Adds a user's series to those of its endpoint and window. Series without samples are left out. */
export function addUser(
  users: Map<KnownUser, GatheredUser>,
  user: KnownUser,
  series: { latency: Uint8Array; hit?: Uint8Array; miss?: Uint8Array },
): void {
  if (series.latency.length === 0) return;
  const { pieces } = getOrAdd(users, user, () => ({ high: user.high, low: user.low, pieces: [] }));
  push(pieces, LATENCY, series.latency);
  if (series.hit !== undefined) push(pieces, HIT, series.hit);
  if (series.miss !== undefined) push(pieces, MISS, series.miss);
}

function push(pieces: Piece[], kind: number, bytes: Uint8Array): void {
  if (bytes.length > 0) pieces.push({ kind, bytes, start: 0, end: bytes.length });
}

export const windowKey = (offset: number, outcome: number): number => offset * OUTCOMES.length + outcome;
export const offsetOf = (key: number): number => Math.floor(key / OUTCOMES.length);
export const outcomeOf = (key: number): number => key % OUTCOMES.length;

/** The start of the stretch of so many seconds that holds a moment, Unix milliseconds. */
export const floorTo = (ms: number, seconds: number): number => Math.floor(ms / (seconds * 1000)) * seconds * 1000;

/** The value of a key, made and kept when there is none. */
export function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
