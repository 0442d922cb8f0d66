import { addPayload, encodePayload, newCounts, type PayloadRange, sumPayloads } from "../histogram/index.ts";
import { type Profile, type ProfileChunk, ProfileCursor, ProfilePacker } from "../store/profile-pack.ts";

/** Profiles in the order of their keys, shown one after another. */
export type ProfileStream = Iterator<Profile>;

/** The profiles of some chunks. */
export function* profilesIn(chunks: readonly Uint8Array[]): Generator<Profile> {
  for (const cursor = new ProfileCursor(chunks); cursor.next();) yield cursor;
}

/** Visits each user once, in the order of keys, with everything that the streams say of it added up. */
export function* merged(streams: readonly ProfileStream[]): Generator<Profile> {
  const heads = streams.map((stream) => stream.next());
  for (;;) {
    const first = heads.reduce<Profile | null>(
      (least, head) => (head.done === true || (least !== null && !isBefore(head.value, least)) ? least : head.value),
      null,
    );
    if (first === null) return;
    const { high, low } = first;
    const same = heads.flatMap((head, at) =>
      head.done !== true && head.value.high === high && head.value.low === low ? [at] : [],
    );
    yield same.length === 1 ? first : added(same.map((at) => heads[at]!.value as Profile));
    for (const at of same) heads[at] = streams[at]!.next();
  }
}

const isBefore = (one: Profile, other: Profile): boolean => (one.high - other.high || one.low - other.low) < 0;

/** Several accounts of one user as one. */
export function added(parts: readonly Profile[]): Profile {
  const { high, low } = parts[0]!;
  const sum = (of: (part: Profile) => number) => parts.reduce((total, part) => total + of(part), 0);
  return {
    high,
    low,
    cold: sum(({ cold }) => cold),
    loads: sum(({ loads }) => loads),
    loadUs: sum(({ loadUs }) => loadUs),
    lastHour: Math.max(...parts.map(({ lastHour }) => lastHour)),
    missEven: ranged(parts.map(({ missEven }) => missEven)),
    missOdd: ranged(parts.map(({ missOdd }) => missOdd)),
    hit: ranged(parts.map(({ hit }) => hit)),
    hours: hoursOf(parts),
  };
}

function ranged(ranges: readonly PayloadRange[]): PayloadRange {
  const used = ranges.filter(({ start, end }) => end > start);
  if (used.length === 1) return { ...used[0]! }; // the stream goes on and shows another one in its place
  const bytes = sumPayloads(used);
  return { bytes, start: 0, end: bytes.length };
}

function hoursOf(parts: readonly Profile[]): number[] {
  const visits = new Map<number, number>();
  for (const { hours } of parts) addHours(visits, hours);
  return inOrder(visits);
}

function addHours(visits: Map<number, number>, hours: ArrayLike<number>): void {
  for (let at = 0; at < hours.length; at += 2) visits.set(hours[at]!, (visits.get(hours[at]!) ?? 0) + hours[at + 1]!);
}

const inOrder = (visits: ReadonlyMap<number, number>): number[] => [...visits].sort(([a], [b]) => a - b).flat();

/**
 * Packs profiles. When there are more than `most`, those with least work stay without one of their own: they are added up under key 0,
 * which is everybody else. The streams are read several times then.
 */
export function packMost(streams: () => readonly ProfileStream[], most: number): ProfileChunk[] {
  const packer = new ProfilePacker();
  const bar = barOf(streams, most);
  if (bar === null) {
    for (const profile of merged(streams())) packer.add(profile);
    return packer.finish();
  }
  const rest = new Rest();
  for (const profile of dropped(streams, bar)) rest.add(profile);
  for (const profile of withRest(kept(streams, bar), rest.profile())) packer.add(profile);
  return packer.finish();
}

/** What decides who keeps a profile: more work than this, and of those with just as much the first `ties`. */
interface Bar {
  work: number;
  ties: number;
}

const isRest = ({ high, low }: Profile): boolean => high === 0 && low === 0;

/** The time that this user's values took to compute, and how often they were wanted: what prefilling could save. */
const workOf = ({ loadUs, cold }: Profile): number => loadUs + cold;

/** `null`: there is room for everybody. */
function barOf(streams: () => readonly ProfileStream[], most: number): Bar | null {
  const works: number[] = [];
  for (const profile of merged(streams())) if (!isRest(profile)) works.push(workOf(profile));
  if (works.length <= most) return null;
  const sorted = Float64Array.from(works).sort();
  const work = sorted[sorted.length - most]!;
  const above = sorted.length - 1 - sorted.lastIndexOf(work);
  return { work, ties: most - above };
}

function* sorting(streams: () => readonly ProfileStream[], bar: Bar): Generator<{ profile: Profile; keeps: boolean }> {
  let { ties } = bar;
  for (const profile of merged(streams())) {
    const work = workOf(profile);
    const keeps = !isRest(profile) && (work > bar.work || (work === bar.work && ties-- > 0));
    yield { profile, keeps };
  }
}

function* kept(streams: () => readonly ProfileStream[], bar: Bar): Generator<Profile> {
  for (const { profile, keeps } of sorting(streams, bar)) if (keeps) yield profile;
}

function* dropped(streams: () => readonly ProfileStream[], bar: Bar): Generator<Profile> {
  for (const { profile, keeps } of sorting(streams, bar)) if (!keeps) yield profile;
}

/** Puts one more profile where its key belongs. */
function* withRest(profiles: Iterable<Profile>, rest: Profile): Generator<Profile> {
  let waits = true;
  for (const profile of profiles) {
    if (waits && isBefore(rest, profile)) {
      yield rest;
      waits = false;
    }
    yield profile;
  }
  if (waits) yield rest;
}

/** Everybody else, added up in full histograms: one by one would cost more than all the rest. */
class Rest {
  private readonly missEven = newCounts();
  private readonly missOdd = newCounts();
  private readonly hit = newCounts();
  private readonly hours = new Map<number, number>();
  private readonly sums = { cold: 0, loads: 0, loadUs: 0, lastHour: 0 };

  add({ cold, loads, loadUs, lastHour, missEven, missOdd, hit, hours }: Profile): void {
    addPayload(this.missEven, missEven.bytes, missEven.start, missEven.end);
    addPayload(this.missOdd, missOdd.bytes, missOdd.start, missOdd.end);
    addPayload(this.hit, hit.bytes, hit.start, hit.end);
    this.sums.cold += cold;
    this.sums.loads += loads;
    this.sums.loadUs += loadUs;
    this.sums.lastHour = Math.max(this.sums.lastHour, lastHour);
    addHours(this.hours, hours);
  }

  profile(): Profile {
    const [missEven, missOdd, hit] = [this.missEven, this.missOdd, this.hit].map((counts) => {
      const bytes = encodePayload(counts);
      return { bytes, start: 0, end: bytes.length };
    });
    return {
      high: 0,
      low: 0,
      ...this.sums,
      missEven: missEven!,
      missOdd: missOdd!,
      hit: hit!,
      hours: inOrder(this.hours),
    };
  }
}
