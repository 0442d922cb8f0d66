import { addPayload, type Counts, indexOf, newCounts, percentile, totalOf } from "../histogram/index.ts";
import type { ProfileState } from "../store/profiles.ts";
import { calibrationOf } from "./calibration.ts";
import type { Learned } from "./learned.ts";
import type { DefinitionSeen } from "./profile.ts";
import { useOfAny } from "./signals.ts";
import type { NamedSubject } from "./subjects.ts";

const HOUR_MS = 3_600_000;
/** Without a cache, a hit is assumed to take as long as the fastest requests do. */
const HIT_PERCENTILE = 10;

/** What people assume or ask for. */
export interface Assumptions {
  /** The latency above which a request misses the target. */
  targetUs: number;
  /** What a hit takes where none was seen; `null`: the p10 of what was. */
  hitUs: number | null;
}

/** A subject with what was seen of it and what decisions taught. */
export interface KnownSubject {
  subject: NamedSubject;
  state: ProfileState;
  learned: Learned;
  seen: DefinitionSeen;
  /** Hours since it was first seen. */
  hours: number;
  /** What was assumed of a hit; `null` where hits were seen. */
  hitUs: number | null;
}

/** Puts together what is known of a subject as a whole. */
export function knownSubject(
  subject: NamedSubject,
  { state, learned }: { state: ProfileState; learned: Learned },
  { assumed, nowMs }: { assumed: Assumptions; nowMs: number },
): KnownSubject {
  const hours = Math.max(1 / 60, (nowMs - state.fromMs!) / HOUR_MS);
  const miss = countsOf(state.miss);
  const hit = countsOf(state.hit);
  const hitUs = totalOf(hit) > 0 ? null : (assumed.hitUs ?? percentile(miss, HIT_PERCENTILE));
  // One sample among so many changes nothing but what is thought of hits.
  if (hitUs !== null) hit[indexOf(Math.round(hitUs))]! += 1;
  // What a signal announced is known since there are decisions; of the cold visits only those since then are compared with it.
  const part = Math.min(1, Math.max(0, (nowMs - learned.firstMs) / HOUR_MS / hours));
  const cold = (state.cold + learned.inTime) * part;
  const seen: DefinitionSeen = {
    name: subject.name,
    ttlSeconds: subject.ttlSeconds,
    targetUs: assumed.targetUs,
    miss,
    hit,
    loads: state.loads,
    loadUs: state.loadUs,
    use: learned.use,
    cold,
    announced: Math.min(cold, learned.announced),
    visited: learned.visited,
    inTime: learned.inTime,
    delayHours: learned.delayHours,
    calibration: calibrationOf(learned.users.values(), useOfAny(learned.use.any)),
  };
  return { subject, state, learned, seen, hours, hitUs };
}

export function countsOf(payload: Uint8Array): Counts {
  const counts = newCounts();
  addPayload(counts, payload);
  return counts;
}
