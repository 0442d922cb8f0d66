import type { GroupLatency } from "../query/prefill-answers.ts";
import { segmentsOf, type Span } from "../query/plan.ts";
import { Slices } from "../query/slices.ts";
import { Tally } from "../query/tally.ts";
import { UserTable } from "../query/user-table.ts";
import { fetchUserRows } from "../query/user-windows.ts";
import { ARMS } from "../store/prefill-decisions.ts";
import type { OutcomeRow } from "../store/prefill-learning.ts";
import type { Db } from "../store/db.ts";
import { snapshot } from "../store/snapshot.ts";
import { USER_TIERS } from "../store/tiers.ts";
import { highOf, lowOf } from "../store/user-key.ts";
import { eachUser, LATENCY } from "../store/user-pack.ts";

/** Where a user stands, for comparison. */
export const STANDS = ["never", "chosen", "heldOut"] as const;
export type Stand = (typeof STANDS)[number];

/** The users whom decisions were taken about, by where they stand. Everybody else was never selected. */
export class Standing {
  private readonly users = new UserTable();
  private readonly heldOut: boolean[] = [];

  constructor(rows: Iterable<Pick<OutcomeRow, "userKey" | "arm">>) {
    for (const { userKey, arm } of rows) {
      const name = ARMS[arm]!;
      if (name === "observe") continue; // nothing was done about this user
      this.heldOut[this.users.placeOf(highOf(userKey), lowOf(userKey))] = name === "held_out";
    }
  }

  of(high: number, low: number): Stand {
    const place = this.users.find(high, low);
    if (place < 0) return "never";
    return this.heldOut[place] ? "heldOut" : "chosen";
  }
}

/** The latencies of each group at some endpoints in a range. Who has no row of their own, and requests without a user, are in none. */
export async function groupLatencies(
  db: Db,
  endpointIds: readonly number[],
  { range, standing }: { range: Span; standing: Standing },
): Promise<Record<Stand, GroupLatency>> {
  const segments = segmentsOf(range, USER_TIERS);
  const rows = await snapshot(db, (connection) => fetchUserRows(connection, endpointIds, { segments }));
  const groups = { never: new Group(), chosen: new Group(), heldOut: new Group() };
  const slices = new Slices();
  for (const row of rows) {
    eachUser(row.payload, (high, low, piece) => {
      if (piece.kind !== LATENCY || (high === 0 && low === 0)) return;
      const group = groups[standing.of(high, low)];
      group.users.placeOf(high, low);
      group.tally.addUnknown(piece);
    });
    if (slices.over) await slices.rest();
  }
  return { never: groups.never.latency, chosen: groups.chosen.latency, heldOut: groups.heldOut.latency };
}

class Group {
  readonly users = new UserTable();
  readonly tally = new Tally();

  get latency(): GroupLatency {
    const [p50Us = null, p99Us = null] = this.tally.percentiles([50, 99]);
    return { count: this.tally.count, users: this.users.size, p50Us, p99Us };
  }
}
