import {
  addPayload,
  countAbove,
  encodePayload,
  indexOf,
  newCounts,
  percentile,
  sumPayloads,
} from "../histogram/index.ts";
import { KINDS, LATENCY, packUsers, type Piece, type UserChunk, type UserSeriesPieces } from "../store/user-pack.ts";
import type { GatheredUser } from "./gathered-user.ts";
import type { Pace } from "./pace.ts";

/** The tail of an endpoint begins at this percentile of the requests of its users. */
const TAIL_PERCENTILE = 95;

/**
 * Adds up the histograms of users that come sorted by key, and packs them. At most `most` users keep an entry of their
 * own, those with most requests in the tail; the rest is added up in `(other users)`, so that no sample is lost.
 */
export async function keepUsers(users: GatheredUser[], most: number, pace: Pace): Promise<UserChunk[]> {
  const kept = users.length > most ? await cap(users, most, pace) : users;
  const series: UserSeriesPieces[] = [];
  for (const { high, low, pieces } of kept) {
    series.push({ high, low, pieces: addUp(pieces) });
    if (pace.isOver) await pace.turn();
  }
  return packUsers(series);
}

const isOther = (user: GatheredUser): boolean => user.high === 0 && user.low === 0;

async function cap(users: GatheredUser[], most: number, pace: Pace): Promise<GatheredUser[]> {
  const scores = await tailScores(users, pace);
  const keeps = highest(users, scores, most);
  const rest: Piece[] = [];
  const kept: GatheredUser[] = [];
  users.forEach((user, place) => (keeps[place] ? kept.push(user) : rest.push(...user.pieces)));
  if (rest.length === 0) return kept;
  const other: GatheredUser = { high: 0, low: 0, pieces: await addUpMany(rest, pace) };
  const at = kept.findIndex(({ high }) => high >= 0);
  return at < 0 ? [...kept, other] : [...kept.slice(0, at), other, ...kept.slice(at)];
}

/** For each user the requests in the tail, and to tell ties apart a little for all requests. */
async function tailScores(users: readonly GatheredUser[], pace: Pace): Promise<Float64Array> {
  const counts = newCounts();
  for (const { pieces } of users) {
    for (const { kind, bytes, start, end } of pieces) if (kind === LATENCY) addPayload(counts, bytes, start, end);
    if (pace.isOver) await pace.turn();
  }
  const tail = indexOf(percentile(counts, TAIL_PERCENTILE) ?? 0);
  const scores = new Float64Array(users.length);
  for (const [place, { pieces }] of users.entries()) {
    scores[place] = tailOf(pieces, tail);
    if (pace.isOver) await pace.turn();
  }
  return scores;
}

function tailOf(pieces: readonly Piece[], index: number): number {
  let tail = 0;
  let all = 0;
  for (const { kind, bytes, start, end } of pieces) {
    if (kind !== LATENCY) continue;
    const payload = bytes.subarray(start, end);
    tail += countAbove(payload, index);
    all += countAbove(payload, -1);
  }
  return tail + all / (all + 1) / 2;
}

/** Which users have the `most` highest scores; of equal ones those with the lower key. `(other users)` never counts. */
function highest(users: readonly GatheredUser[], scores: Float64Array, most: number): boolean[] {
  const ranked = scores.filter((_, place) => !isOther(users[place]!)).sort();
  const lowest = ranked[ranked.length - most] ?? -1;
  let ties = most - ranked.filter((score) => score > lowest).length;
  return users.map((user, place) => {
    if (isOther(user)) return false;
    const score = scores[place]!;
    return score > lowest || (score === lowest && ties-- > 0);
  });
}

/** One histogram a kind, of a few pieces. */
function addUp(pieces: Piece[]): Piece[] {
  if (pieces.length === 1) return pieces;
  const sums: Piece[] = [];
  for (let kind = 0; kind < KINDS.length; kind++) {
    const same = pieces.filter((piece) => piece.kind === kind);
    if (same.length === 1) sums.push(same[0]!);
    else if (same.length > 1) sums.push(whole(kind, sumPayloads(same)));
  }
  return sums;
}

/** The same for any number of pieces. */
async function addUpMany(pieces: readonly Piece[], pace: Pace): Promise<Piece[]> {
  const counts = KINDS.map(() => newCounts());
  const seen = KINDS.map(() => false);
  for (const { kind, bytes, start, end } of pieces) {
    addPayload(counts[kind]!, bytes, start, end);
    seen[kind] = true;
    if (pace.isOver) await pace.turn();
  }
  return KINDS.flatMap((_, kind) => (seen[kind] ? [whole(kind, encodePayload(counts[kind]!))] : []));
}

const whole = (kind: number, bytes: Uint8Array): Piece => ({ kind, bytes, start: 0, end: bytes.length });
