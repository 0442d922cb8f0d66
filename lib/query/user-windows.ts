import { addSplit, type PayloadRange } from "../histogram/index.ts";
import type { Snapshot } from "../store/snapshot.ts";
import { eachUser, findUser, LATENCY } from "../store/user-pack.ts";
import { type CopiedUserRow, copyUserRows } from "../store/window-copy.ts";
import type { Segment } from "./plan.ts";
import { Slices } from "./slices.ts";
import { UserTable } from "./user-table.ts";

/** The rows that hold the users of some endpoints in some stretches; with `key`, those that may hold that user. */
export async function fetchUserRows(
  connection: Snapshot,
  endpointIds: readonly number[],
  { segments, key }: { segments: readonly Segment[]; key?: bigint },
): Promise<CopiedUserRow[]> {
  const rows: CopiedUserRow[] = [];
  for (const { tier, fromSeconds, toSeconds } of segments) {
    const range = { fromMs: fromSeconds * 1_000, toMs: toSeconds * 1_000 };
    const found = await copyUserRows(connection, {
      tier,
      endpointIds,
      ...range,
      ...(key === undefined ? {} : { key }),
    });
    // A row of users is one window, which lies in the stretch or not.
    for (const row of found) if (row.startMs >= range.fromMs && row.startMs < range.toMs) rows.push(row);
  }
  return rows;
}

/** How many requests each user made, and how many of them above a bucket. Key 0 is `(other users)`. */
export async function countUsers(rows: readonly CopiedUserRow[], tailIndex: number): Promise<UserTable> {
  const slices = new Slices();
  const table = new UserTable();
  for (const row of rows) {
    countInto(table, row, { tailIndex, sign: 1 });
    if (slices.over) await slices.rest();
  }
  return table;
}

/** Adds the users of a row to those counted, or takes them out again. */
export function countInto(
  table: UserTable,
  { payload }: CopiedUserRow,
  { tailIndex, sign }: { tailIndex: number; sign: 1 | -1 },
): void {
  const split = { count: 0, above: 0 };
  eachUser(payload, (high, low, piece) => {
    if (piece.kind !== LATENCY) return;
    split.count = split.above = 0;
    addSplit(split, piece, tailIndex);
    const place = table.placeOf(high, low);
    table.counts[place]! += sign * split.count;
    table.aboves[place]! += sign * split.above;
  });
}

/** Visits all histograms of one user, of whatever outcome. */
export function eachOfUser(rows: readonly CopiedUserRow[], key: bigint, add: (payload: PayloadRange) => void): void {
  for (const row of rows) {
    if (row.keyLow > key || row.keyHigh < key) continue;
    findUser(row.payload, key, (piece) => {
      if (piece.kind === LATENCY) add(piece);
    });
  }
}
