import { log } from "../log.ts";
import { endpoints } from "../query/endpoints.ts";
import { tailUsers } from "../query/tail-users.ts";
import type { Db } from "../store/db.ts";
import type { MemberRow } from "../store/alert-members.ts";
import { withinTime } from "../store/within-time.ts";
import type { Observed } from "./evaluation.ts";
import { badnessOf, type Seen, seenOf } from "./seen.ts";
import type { About } from "./subject.ts";

/** What an event tells besides its own figures: where it is worst, and who is in the tail. */
export interface Surroundings {
  endpoints: { id: number; method: string; route: string; observed: Seen | null; p99Us: number | null }[];
  users: { user: string; tailShare: number }[];
}

const MOST_ENDPOINTS = 5;
const MOST_USERS = 5;
/** Who is in the tail now matters; of a window of three days, the last hour tells. */
const LONGEST_SECONDS = 3_600;
/** Events are written one after the other, and other workers wait meanwhile: all of a round may look around for so long. */
const LIMIT_MS = 2_000;

/** The time that the events of one round have together to find out what surrounds them. */
export class LookingAround {
  private leftMs = LIMIT_MS;

  /** @throws when the time is over */
  async within<T>(ask: () => Promise<T>): Promise<T> {
    if (this.leftMs <= 0) throw new Error("the round's time to look around is over");
    const startedMs = performance.now();
    return withinTime(ask(), this.leftMs).finally(() => (this.leftMs -= performance.now() - startedMs));
  }
}

/**
 * Where it is worst, and who is in the tail there. What cannot be found out in time is left out: no event waits for it, and none is
 * lost for it.
 */
export async function surroundingsOf(
  db: Db,
  members: readonly MemberRow[],
  { atMs, time }: { atMs: number; time: LookingAround },
): Promise<Surroundings> {
  const worst = [...members].sort((a, b) => badnessOf(b.observed as Observed) - badnessOf(a.observed as Observed));
  const found: Surroundings = { endpoints: [], users: [] };
  try {
    found.endpoints = await time.within(() => worstEndpoints(db, worst, atMs));
    found.users = await time.within(() => usersInTail(db, worst, { id: found.endpoints[0]?.id, atMs }));
  } catch (error) {
    log("alerts").debug({ err: error }, "what surrounds an incident could not be found out");
  }
  return found;
}

function rangeOf(member: MemberRow | undefined, atMs: number): { from: string; to: string } {
  const seconds = Math.min(LONGEST_SECONDS, (member?.observed as Observed | null)?.windowSeconds ?? LONGEST_SECONDS);
  return { from: new Date(atMs - seconds * 1_000).toISOString(), to: new Date(atMs).toISOString() };
}

async function worstEndpoints(db: Db, worst: readonly MemberRow[], atMs: number): Promise<Surroundings["endpoints"]> {
  const named = worst.filter(({ about }) => (about as About).route !== undefined).slice(0, MOST_ENDPOINTS);
  if (named.length > 0)
    return named.map(({ about, observed }) => {
      const { endpointId, method, route } = about as Required<About>;
      return { id: endpointId, method, route, observed: seenOf(observed as Observed | null), p99Us: null };
    });
  const [first] = worst;
  if (first === undefined) return [];
  const { service, environment } = first.about as About;
  const answer = await endpoints(db, { service, environment, ...rangeOf(first, atMs), percentiles: [99] }, atMs);
  return answer.endpoints.slice(0, MOST_ENDPOINTS).map(({ id, method, route, percentiles }) => {
    return { id, method, route, observed: null, p99Us: percentiles["p99Us"] ?? null };
  });
}

async function usersInTail(
  db: Db,
  worst: readonly MemberRow[],
  { id, atMs }: { id: number | undefined; atMs: number },
): Promise<Surroundings["users"]> {
  if (id === undefined) return [];
  const { users } = await tailUsers(db, { id, ...rangeOf(worst[0], atMs), tail: 95, limit: MOST_USERS }, atMs);
  return users.filter(({ tailCount }) => tailCount > 0).map(({ user, tailShare }) => ({ user, tailShare }));
}
