import { addPayload, encodePayload, newCounts, type PayloadRange, sumPayloads } from "../histogram/index.ts";
import { isRest, type Profile, type ProfileChunk, ProfileCursor, ProfilePacker, REST } from "../store/profile-pack.ts";

/** Profiles in the order of their keys, shown one after another. */
export type ProfileStream = Iterator<Profile>;

/** The profiles of some chunks. */
export function* profilesIn(chunks: readonly Uint8Array[]): Generator<Profile> {
  for (const cursor = new ProfileCursor(chunks); cursor.next();) yield cursor;
}

/** Everything that the streams say of a user, user after user, in the order of keys. The same list shows one after another. */
function* grouped(streams: readonly ProfileStream[]): Generator<Profile[]> {
  const heads = streams.map((stream) => stream.next());
  const group: Profile[] = [];
  for (;;) {
    let first: Profile | null = null;
    for (const head of heads)
      if (head.done !== true && (first === null || isBefore(head.value, first))) first = head.value;
    if (first === null) return;
    const { high, low } = first;
    group.length = 0;
    for (const head of heads)
      if (head.done !== true && head.value.high === high && head.value.low === low) group.push(head.value);
    yield group;
    for (let at = 0; at < heads.length; at++) {
      const head = heads[at]!;
      if (head.done !== true && group.includes(head.value)) heads[at] = streams[at]!.next();
    }
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
    writes: sum(({ writes }) => writes),
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

/** Both lists are sorted by the hour, and so is the sum. */
function hoursOf(parts: readonly Profile[]): ArrayLike<number> {
  return parts.reduce<ArrayLike<number>>((sum, { hours }) => bothHours(sum, hours), []);
}

function bothHours(one: ArrayLike<number>, other: ArrayLike<number>): ArrayLike<number> {
  if (one.length === 0 || other.length === 0) return one.length === 0 ? other : one;
  const both: number[] = [];
  let [at, to] = [0, 0];
  while (at < one.length || to < other.length) {
    const [own, others] = [one[at] ?? Number.POSITIVE_INFINITY, other[to] ?? Number.POSITIVE_INFINITY];
    const visits = (own <= others ? one[at + 1]! : 0) + (others <= own ? other[to + 1]! : 0);
    both.push(Math.min(own, others), visits);
    if (own <= others) at += 2;
    if (others <= own) to += 2;
  }
  return both;
}

function addHours(visits: Map<number, number>, hours: ArrayLike<number>): void {
  for (let at = 0; at < hours.length; at += 2) visits.set(hours[at]!, (visits.get(hours[at]!) ?? 0) + hours[at + 1]!);
}

const inOrder = (visits: ReadonlyMap<number, number>): number[] => [...visits].sort(([a], [b]) => a - b).flat();

/**
 * Packs profiles. When there are more than `most`, those with least work stay without one of their own: they are added up, with what had
 * no profile before. The streams are read twice then.
 */
export function packMost(streams: () => readonly ProfileStream[], most: number): ProfileChunk[] {
  const packer = new ProfilePacker();
  const bar = barOf(streams(), most);
  const rest = new Rest();
  let { ties } = bar;
  for (const group of grouped(streams())) {
    const work = workOf(group);
    const keeps = !isRest(group[0]!) && (work > bar.work || (work === bar.work && ties-- > 0));
    if (!keeps) for (const profile of group) rest.add(profile);
    else packer.add(group.length === 1 ? group[0]! : added(group));
  }
  if (!rest.isEmpty) packer.add(rest.profile());
  return packer.finish();
}

/** What decides who keeps a profile: more work than this, and of those with just as much the first `ties`. */
interface Bar {
  work: number;
  ties: number;
}

/** The time that this user's values took to compute, and how often they were wanted: what prefilling could save. */
function workOf(group: readonly Profile[]): number {
  let work = 0;
  for (const { loadUs, cold } of group) work += loadUs + cold;
  return work;
}

function barOf(streams: readonly ProfileStream[], most: number): Bar {
  const works: number[] = [];
  for (const group of grouped(streams)) if (!isRest(group[0]!)) works.push(workOf(group));
  if (works.length <= most) return { work: -1, ties: 0 };
  const sorted = Float64Array.from(works).sort();
  const work = sorted[sorted.length - most]!;
  const above = sorted.length - 1 - sorted.lastIndexOf(work);
  return { work, ties: most - above };
}

/** Everybody else, added up in full histograms: one by one would cost more than all the rest. */
class Rest {
  private readonly missEven = newCounts();
  private readonly missOdd = newCounts();
  private readonly hit = newCounts();
  private readonly hours = new Map<number, number>();
  private readonly sums = { cold: 0, loads: 0, loadUs: 0, writes: 0, lastHour: 0 };
  isEmpty = true;

  add({ cold, loads, loadUs, writes, lastHour, missEven, missOdd, hit, hours }: Profile): void {
    this.isEmpty = false;
    addPayload(this.missEven, missEven.bytes, missEven.start, missEven.end);
    addPayload(this.missOdd, missOdd.bytes, missOdd.start, missOdd.end);
    addPayload(this.hit, hit.bytes, hit.start, hit.end);
    this.sums.cold += cold;
    this.sums.loads += loads;
    this.sums.loadUs += loadUs;
    this.sums.writes += writes;
    this.sums.lastHour = Math.max(this.sums.lastHour, lastHour);
    addHours(this.hours, hours);
  }

  profile(): Profile {
    const [missEven, missOdd, hit] = [this.missEven, this.missOdd, this.hit].map((counts) => {
      const bytes = encodePayload(counts);
      return { bytes, start: 0, end: bytes.length };
    });
    return {
      ...REST,
      ...this.sums,
      missEven: missEven!,
      missOdd: missOdd!,
      hit: hit!,
      hours: inOrder(this.hours),
    };
  }
}
