import { highestAt, indexOf } from "../histogram/index.ts";
import { type CatalogEndpoint, labelsOf } from "../store/catalog.ts";
import type { Db } from "../store/db.ts";
import { type Snapshot, snapshot } from "../store/snapshot.ts";
import { ENDPOINT_TIERS, USER_TIERS } from "../store/tiers.ts";
import { OTHER_USERS_KEY } from "../store/user-key.ts";
import type { CopiedUserRow as StoredRow } from "../store/window-copy.ts";
import type { TailUsersAnswer, UserRow } from "./answers.ts";
import { eachWindow, type FetchedRow, fetchEndpointRows } from "./endpoint-windows.ts";
import { factsOf, Stopwatch } from "./frame.ts";
import { segmentsOf } from "./plan.ts";
import type { QuestionOf } from "./question.ts";
import { endpointById, type Reading, readingOf } from "./reading.ts";
import { nothingIn } from "./series.ts";
import { Slices } from "./slices.ts";
import { latencySummary } from "./summary.ts";
import { Tally } from "./tally.ts";
import type { UserTable } from "./user-table.ts";
import { eachOfUser, countUsers, fetchUserRows } from "./user-windows.ts";

type Question = QuestionOf<"tailUsers"> & { id: number };

/** The percentiles that a row of a user shows. */
export const USER_PERCENTILES = [50, 95, 99] as const;
/** The headline names at most so many users, who make up at least this part of the tail. */
const HEADLINE_USERS = 20;
const HEADLINE_SHARE = 0.5;

/**
 * Who is in the tail of an endpoint: users by the number of their requests above its p95 in the range, most first.
 * The range is aligned to the windows that users have; sums over `users` and `other` equal the endpoint's counts.
 * @throws TailfillError `not_found` for an unknown endpoint, `bad_request` for a bad range.
 */
export async function tailUsers(db: Db, question: Question, nowMs: number): Promise<TailUsersAnswer> {
  const watch = new Stopwatch();
  const reading = readingOf(question, nowMs, USER_TIERS);
  const read = await snapshot(db, (connection) => fetchTail(connection, question, reading));
  const all = await tallyOf(read.endpointRows);
  const tail = tailOf(all, question.tail);
  const table = await countUsers(read.userRows, tail.index);
  const order = byTail(table);
  const listed = order.slice(0, question.limit).map((place) => table.keyAt(place));
  const labels = await labelsOf(db, read.endpoint.serviceId, listed);
  const rows = rowsOf(listed, { rows: read.userRows, labels, tail, rest: all });
  return {
    ...watch.frame(reading.range, {
      ...read.facts,
      nothing: nothingIn(reading, [{ count: tail.of }]),
      nowSeconds: reading.nowSeconds,
    }),
    tailAboveUs: tail.aboveUs,
    users: rows,
    other: { ...userNumbers(all, tail), users: order.length - rows.length },
    userCount: order.length,
    headline: headlineOf(order, table, tail),
  };
}

async function fetchTail(connection: Snapshot, question: Question, { range, expired }: Reading) {
  const endpoint: CatalogEndpoint = await endpointById(connection, question.id);
  const endpointSegments = expired ? [] : segmentsOf(range, ENDPOINT_TIERS);
  const segments = expired ? [] : segmentsOf(range, USER_TIERS);
  const rows = await fetchEndpointRows(connection, [endpoint.id], endpointSegments);
  return {
    endpoint,
    endpointRows: rows.get(endpoint.id) ?? [],
    userRows: await fetchUserRows(connection, [endpoint.id], { segments }),
    facts: await factsOf(connection, endpoint, range),
  };
}

export async function tallyOf(rows: readonly FetchedRow[]): Promise<Tally> {
  const tally = new Tally();
  await eachWindow(rows, new Slices(), (piece) => tally.add(piece.outcome, piece));
  return tally;
}

/** The tail of some samples: where it begins, and how many there are in it. */
export interface Tail {
  /** The bucket of the percentile: the tail is what lies in buckets above. */
  index: number;
  aboveUs: number | null;
  /** Samples in the tail, and all samples. */
  count: number;
  of: number;
}

/**
 * The tail is what lies above the percentile's bucket. When nothing does, because many requests took equally long (all that
 * ran into one time-out, say), that top bucket itself is the tail, unless half of all requests lie in it.
 */
export function tailOf(all: Tally, q: number): Tail {
  const aboveUs = all.percentile(q);
  if (aboveUs === null) return { index: -1, aboveUs, count: 0, of: all.count };
  const index = indexOf(aboveUs);
  const count = countAboveIndex(all, index);
  if (count > 0 || indexOf(all.percentile(50)!) === index) return { index, aboveUs, count, of: all.count };
  return { index: index - 1, aboveUs: highestAt(index - 1), count: countAboveIndex(all, index - 1), of: all.count };
}

function countAboveIndex({ counts }: Tally, index: number): number {
  let above = 0;
  for (let bucket = index + 1; bucket < counts.length; bucket++) above += counts[bucket]!;
  return above;
}

/** Places of the users (without `(other users)`), most tail first. */
function byTail(table: UserTable): number[] {
  const places = Array.from({ length: table.size }, (_, place) => place);
  const { counts, aboves } = table;
  return places
    .filter((place) => table.keyAt(place) !== OTHER_USERS_KEY)
    .sort((a, b) => aboves[b]! - aboves[a]! || counts[b]! - counts[a]! || a - b);
}

interface ListedMaterial {
  rows: readonly StoredRow[];
  labels: ReadonlyMap<bigint, string>;
  tail: Tail;
  /** All samples of the endpoint; what is listed is taken out, so that everybody else remains. */
  rest: Tally;
}

function rowsOf(keys: readonly bigint[], { rows, labels, tail, rest }: ListedMaterial): UserRow[] {
  const user = new Tally();
  return keys.map((key) => {
    user.clear();
    eachOfUser(rows, key, (payload) => user.addUnknown(payload));
    rest.subtract(user);
    return { user: labels.get(key) ?? unlabelled(key), ...userNumbers(user, tail) };
  });
}

/** A key whose label was removed is still told apart from others. */
export const unlabelled = (key: bigint): string => `(key ${BigInt.asUintN(64, key).toString(16).padStart(16, "0")})`;

/** A user's figures on one endpoint, whose tail is given. */
export function userNumbers(tally: Tally, tail: Tail): Omit<UserRow, "user"> {
  const { count, percentiles, maxUs, thin } = latencySummary(tally, USER_PERCENTILES);
  const { p50Us = null, p95Us = null, p99Us = null } = percentiles as Record<string, number | null>;
  const tailCount = countAboveIndex(tally, tail.index);
  return { count, p50Us, p95Us, p99Us, maxUs, tailCount, tailShare: shareOf(tailCount, tail.count), thin };
}

/** Who is told with fewer digits than the endpoint may have more in the tail than the endpoint has. */
const shareOf = (part: number, whole: number): number => (whole === 0 ? 0 : Math.min(1, part / whole));

/** The fewest users that make up at least half of the tail, if there are few enough of them. */
function headlineOf(order: readonly number[], table: UserTable, tail: Tail): TailUsersAnswer["headline"] {
  let inTail = 0;
  for (let users = 1; users <= Math.min(HEADLINE_USERS, order.length); users++) {
    inTail += table.aboves[order[users - 1]!]!;
    if (tail.count > 0 && inTail >= tail.count * HEADLINE_SHARE) return { users, share: shareOf(inTail, tail.count) };
  }
  return null;
}
