import { newCounts } from "../histogram/index.ts";
import { Slices } from "../query/slices.ts";
import type { UserTable } from "../query/user-table.ts";
import { isRest, ProfileCursor } from "../store/profile-pack.ts";
import type { Scope } from "../store/scopes.ts";
import { type Assumptions, type KnownSubject, knownSubject } from "./definition-seen.ts";
import { busyHours, HOURS_OF_WEEK } from "./hours.ts";
import type { DefinitionSeen, Seen } from "./profile.ts";
import type { Material } from "./material.ts";
import { Survey } from "./survey.ts";
import { thresholdsFor } from "./thresholds.ts";

const HOUR_MS = 3_600_000;

/** Everything that a plan is made of: what was seen of some subjects and their users, and where to look it up. */
export class Outlook {
  readonly survey: Survey;
  /** Hours that were looked at. */
  readonly hours: number;
  readonly fromMs: number;
  readonly toMs: number;
  /** Merged profiles, by subject; and where each candidate's lies. */
  readonly chunks: Uint8Array[][] = [];
  private readonly positions: { chunk: number; user: number; at: number }[] = [];

  /** The part of users, and of everything that is counted, that the survey is made of: 1 unless it is a sample. */
  readonly share: number;

  constructor(
    readonly scope: Scope,
    /** In the order of the survey's definitions. */
    readonly known: readonly KnownSubject[],
    /** The users that the survey numbers. */
    readonly users: UserTable,
    private readonly wish: { assumed: Assumptions; nowMs: number; share?: number },
  ) {
    const { assumed, nowMs, share = 1 } = wish;
    this.share = share;
    this.hours = Math.max(1 / 60, ...known.map(({ hours }) => hours));
    this.fromMs = nowMs - this.hours * HOUR_MS;
    this.toMs = nowMs;
    const [miss, hit] = [newCounts(), newCounts()];
    for (const { seen } of known)
      for (let at = 0; at < miss.length; at++) {
        miss[at]! += seen.miss[at]!;
        hit[at]! += seen.hit[at]!;
      }
    const thresholds = thresholdsFor(miss, hit, [assumed.targetUs]);
    this.survey = new Survey(thresholds, this.hours, busyHours(visitsOf(known), this));
  }

  /** Adds the next subject's users: all with a profile, or those of the sample, or those that `includes` says. */
  async add({ seen, learned, hours }: KnownSubject, chunks: Uint8Array[], includes?: Includes): Promise<void> {
    const { survey, users, share } = this;
    const slices = new Slices();
    this.chunks.push(chunks);
    survey.open(share === 1 ? seen : partOf(seen, share));
    const lowest = share * 2 ** 32; // the low half of a key is a piece of a hash
    const cursor = new ProfileCursor(chunks, false);
    for (let row = 0; cursor.next(); row++) {
      if (isRest(cursor)) continue; // nobody to fill for
      if (includes === undefined ? cursor.low >= lowest : !includes(row)) continue;
      const before = survey.candidates.size;
      const user = users.placeOf(cursor.high, cursor.low);
      survey.add(seenOf(cursor, { user, signals: learned.users.get(user), scale: this.hours / hours }));
      if (survey.candidates.size > before) this.positions.push(cursor.position);
      if (row % 256 === 0 && slices.over) await slices.rest();
    }
  }

  /** The same without any subject or user added yet, and of everybody instead of a sample. */
  withoutUsers(): Outlook {
    return new Outlook(this.scope, this.known, this.users, { ...this.wish, share: 1 });
  }

  /** Cold visits of a candidate that are no misses, because of a fill. */
  filledOf(candidate: number): number {
    const { definition, user } = this.survey.candidates;
    return this.known[definition[candidate]!]!.learned.users.get(user[candidate]!)?.inTime ?? 0;
  }

  /** The profile of a candidate, by its place in the survey. It is shown until the next one is asked for. */
  profileOf(candidate: number): ProfileCursor {
    const cursor = new ProfileCursor(this.chunks[this.survey.candidates.definition[candidate]!]!);
    cursor.seek(this.positions[candidate]!);
    return cursor;
  }
}

/** Visits of everybody by hour of the week. */
function visitsOf(known: readonly KnownSubject[]): Float64Array {
  const visits = new Float64Array(HOURS_OF_WEEK);
  for (const { state } of known) for (const [hour, count] of state.hours.entries()) visits[hour]! += count;
  return visits;
}

/** Whether to add the profile of a number, as they come in a subject's chunks. */
export type Includes = (row: number) => boolean;

/** What was seen of a definition, as if only a part of all users had been there. */
function partOf(seen: DefinitionSeen, share: number): DefinitionSeen {
  return { ...seen, miss: seen.miss.map((count) => count * share), hit: seen.hit.map((count) => count * share) };
}

const UNSEEN = { seen: 0, followed: 0, inTime: 0 };
interface About {
  user: number;
  signals: typeof UNSEEN | undefined;
  /** What was seen of a subject that is younger than the others is taken for as many hours as theirs. */
  scale: number;
}

function seenOf(cursor: ProfileCursor, { user, signals = UNSEEN, scale }: About): Seen {
  const { missEven, missOdd, hit, loads, loadUs, cold } = cursor;
  const filled = signals.inTime * scale;
  const writes = cursor.writes * scale;
  return { user, cold: cold * scale + filled, filled, missEven, missOdd, hit, loads, loadUs, writes, signals };
}

export interface OutlookWish {
  assumed: Assumptions;
  nowMs: number;
  /** With more profiles than this, a sample of so many is looked at. */
  most?: number;
}

/** Looks at what was read. */
export async function lookAt(
  { scope, subjects, users }: Material,
  { assumed, nowMs, most = Number.POSITIVE_INFINITY }: OutlookWish,
): Promise<Outlook> {
  const known = subjects.map(({ subject, ...read }) => knownSubject(subject, read, { assumed, nowMs }));
  const profiles = known.reduce((sum, { state }) => sum + state.users, 0);
  const share = Math.min(1, most / Math.max(1, profiles));
  const outlook = new Outlook(scope, known, users, { assumed, nowMs, share });
  for (const [place, one] of known.entries()) await outlook.add(one, subjects[place]!.chunks);
  return outlook;
}
