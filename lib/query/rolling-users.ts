import { indexOf, isAbove, type PayloadRange } from "../histogram/index.ts";
import { labelsOf } from "../store/catalog.ts";
import type { Db } from "../store/db.ts";
import { snapshot } from "../store/snapshot.ts";
import { USER_TIERS } from "../store/tiers.ts";
import { highOf, lowOf, OTHER_USERS_KEY, userKey } from "../store/user-key.ts";
import type { CopiedUserRow } from "../store/window-copy.ts";
import { segmentsOf, type Span } from "./plan.ts";
import { Slices } from "./slices.ts";
import { Tally } from "./tally.ts";
import type { UserFigures } from "./user-figures.ts";
import { UserTable } from "./user-table.ts";
import { countInto, eachOfUser, fetchUserRows } from "./user-windows.ts";

/** A question about users in a stretch that moves along by the minute. Moments are whole minutes, both ends included, Unix seconds. */
export interface RollingUsersAsk extends Span {
  service: string;
  serviceId: number;
  endpointIds: readonly number[];
  windowSeconds: number;
  percentile: number;
  thresholdUs: number;
  minCount: number;
  /** Of every user, those are answered who were above for longest: at most so many. */
  limit: number;
  /** This user alone. */
  user?: string | undefined;
}

export interface RollingUser {
  user: string;
  /** The figures at each moment. */
  figures: Omit<UserFigures, "user">[];
}

export interface RollingUsers {
  users: RollingUser[];
  /** How many users there were, and how many of them were above at some moment. */
  seen: number;
  above: number;
}

const MINUTE = 60;
/** Rows are read so much at a time: those of six hours may not fit into memory. */
const READ_SECONDS = 3_600;

/** What users were like in moving stretches, as if it had been asked at each minute. */
export async function rollingUsers(db: Db, ask: RollingUsersAsk): Promise<RollingUsers> {
  const { service, user } = ask;
  if (user !== undefined) {
    const [figures] = await figuresOf(db, ask, [userKey(service, user)]);
    const isSeen = figures!.some(({ count }) => count > 0);
    return { users: [{ user, figures: figures! }], seen: isSeen ? 1 : 0, above: 0 };
  }
  const { keys, seen } = await keysAbove(db, ask);
  const told = keys.slice(0, ask.limit);
  const labels = await labelsOf(db, ask.serviceId, told);
  const named = told.filter((key) => labels.has(key));
  const figures = await figuresOf(db, ask, named);
  const users = named.map((key, place) => ({ user: labels.get(key)!, figures: figures[place]! }));
  return { users, seen, above: keys.length };
}

/** The users who were above at some moment, those for longest first. */
async function keysAbove(db: Db, ask: RollingUsersAsk): Promise<{ keys: bigint[]; seen: number }> {
  const table = new UserTable();
  const moments = new Map<number, number>();
  const tailIndex = indexOf(ask.thresholdUs);
  await eachMoment(db, ask, {
    enter: (row) => countInto(table, row, { tailIndex, sign: 1 }),
    leave: (row) => countInto(table, row, { tailIndex, sign: -1 }),
    look: () => {
      for (let place = 0; place < table.size; place++) {
        const [count, above] = [table.counts[place]!, table.aboves[place]!];
        if (above > 0 && count >= ask.minCount && isAbove(ask.percentile, count, above))
          moments.set(place, (moments.get(place) ?? 0) + 1);
      }
    },
  });
  const longest = [...moments].sort(([a, times], [b, others]) => others - times || a - b);
  const others = table.find(highOf(OTHER_USERS_KEY), lowOf(OTHER_USERS_KEY));
  const keys = longest.filter(([place]) => place !== others).map(([place]) => table.keyAt(place));
  return { keys, seen: table.size - (others < 0 ? 0 : 1) };
}

/** The figures of some users at each moment, in the order of the keys. */
async function figuresOf(db: Db, ask: RollingUsersAsk, keys: readonly bigint[]): Promise<RollingUser["figures"][]> {
  const tallies = keys.map(() => new Tally());
  const figures: RollingUser["figures"][] = keys.map(() => []);
  const leaving = new Tally();
  const take = (tally: Tally, payload: PayloadRange) => {
    leaving.clear();
    leaving.addUnknown(payload);
    tally.takeOut(leaving);
  };
  const each = (row: CopiedUserRow, visit: (tally: Tally, payload: PayloadRange) => void) => {
    for (const [place, key] of keys.entries()) eachOfUser([row], key, (payload) => visit(tallies[place]!, payload));
  };
  const [only] = keys.length === 1 ? keys : [];
  await eachMoment(db, only === undefined ? ask : { ...ask, key: only }, {
    enter: (row) => each(row, (tally, payload) => tally.addUnknown(payload)),
    leave: (row) => each(row, take),
    look: () => {
      for (const [place, tally] of tallies.entries())
        figures[place]!.push({
          count: tally.count,
          valueUs: tally.count === 0 ? null : tally.percentile(ask.percentile),
        });
    },
  });
  return figures;
}

interface Visit {
  /** A row comes into the stretch, or leaves it. */
  enter: (row: CopiedUserRow) => void;
  leave: (row: CopiedUserRow) => void;
  /** The stretch is that of a moment. */
  look: () => void;
}

type Read = RollingUsersAsk & { key?: bigint };

/** Moves the stretch along, a minute at a time. */
async function eachMoment(db: Db, ask: Read, { enter, leave, look }: Visit): Promise<void> {
  const slices = new Slices();
  let inside: CopiedUserRow[] = [];
  let coming: CopiedUserRow[] = [];
  let readTo = ask.fromSeconds - ask.windowSeconds;
  for (let at = ask.fromSeconds; at <= ask.toSeconds; at += MINUTE) {
    while (readTo < at) {
      const toSeconds = Math.min(readTo + READ_SECONDS, ask.toSeconds);
      coming = coming.concat(await rowsOf(db, ask, { fromSeconds: readTo, toSeconds }));
      readTo = toSeconds;
    }
    const entering = coming.filter(({ startMs }) => startMs < at * 1_000);
    coming = coming.filter(({ startMs }) => startMs >= at * 1_000);
    for (const row of entering) enter(row);
    inside = inside.concat(entering);
    const firstMs = (at - ask.windowSeconds) * 1_000;
    const left = inside.findIndex(({ startMs }) => startMs >= firstMs);
    for (const row of inside.splice(0, left < 0 ? inside.length : left)) leave(row);
    look();
    if (slices.over) await slices.rest();
  }
}

/** The rows of a stretch, in the order of time. */
async function rowsOf(db: Db, { endpointIds, key }: Read, range: Span): Promise<CopiedUserRow[]> {
  const segments = segmentsOf(range, USER_TIERS, MINUTE);
  const wish = { segments, ...(key === undefined ? {} : { key }) };
  const rows = await snapshot(db, (connection) => fetchUserRows(connection, endpointIds, wish));
  return rows.sort((a, b) => a.startMs - b.startMs);
}
