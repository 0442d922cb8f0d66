import { type Bulk, bulk } from "../store/bulk.ts";
import type { Db } from "../store/db.ts";
import {
  claimEndpoints,
  deleteParts,
  type GroupKey,
  insertEndpointParts,
  insertUserParts,
  readGroups,
  type StoredRow,
  type UnrolledGroup,
  unrolledGroups,
} from "../store/window-parts.ts";
import { getOrAdd } from "./get-or-add.ts";
import { Pace } from "./pace.ts";
import { rollEndpoints } from "./roll-endpoints.ts";
import { policyOf, ROLL_STEPS, type RollStep } from "./roll-policy.ts";
import { rollUsers } from "./roll-users.ts";

/** Groups of one transaction: bounds memory, and how long their endpoints are claimed. */
const BYTES_AT_ONCE = 8 * 1024 * 1024;
const GROUPS_AT_ONCE = 500;

/**
 * Rolls up what is due, table by table. In one transaction the parts of a group become one, marked as rolled, and what
 * the next tier lacks is added there; so at every moment each sample is counted once. Any number of processes may do
 * this at the same time. Returns the number of groups rolled up.
 */
export async function rollUp(db: Db, nowMs: number, stop: () => boolean = () => false): Promise<number> {
  let rolled = 0;
  for (const step of ROLL_STEPS) {
    for (const groups of cut(await unrolledGroups(db, step.tier, policyOf(step, nowMs)))) {
      if (stop()) return rolled;
      rolled += await bulk(db, (tx) => rollGroups(tx, step, groups));
    }
  }
  return rolled;
}

async function rollGroups(tx: Bulk, step: RollStep, wanted: readonly UnrolledGroup[]): Promise<number> {
  const claimed = await claimEndpoints(tx, step.number, [...new Set(wanted.map(({ endpointId }) => endpointId))]);
  const groups = await groupsOf(
    tx,
    step,
    wanted.filter(({ endpointId }) => claimed.has(endpointId)),
  );
  if (groups.length === 0) return 0;
  if (step.holds === "endpoints") await writeEndpoints(tx, step, groups);
  else await writeUsers(tx, step, groups);
  return groups.length;
}

/** The rows of the groups that still have something to roll up: another worker may have done it since they were listed. */
async function groupsOf(tx: Bulk, step: RollStep, wanted: readonly GroupKey[]): Promise<StoredRow[][]> {
  if (wanted.length === 0) return [];
  const groups = new Map<string, StoredRow[]>();
  for (const row of await readGroups(tx, step.tier, wanted))
    getOrAdd(groups, `${row.endpointId} ${row.startMs}`, () => []).push(row);
  return [...groups.values()].filter((rows) => rows.some(({ rolled }) => !rolled));
}

async function writeEndpoints(tx: Bulk, step: RollStep, groups: readonly StoredRow[][]): Promise<void> {
  const { compacted, handedOn } = await rollEndpoints(groups, step, new Pace());
  await deleteParts(tx, step.tier, groups.flat());
  await insertEndpointParts(tx, step.tier, compacted);
  if (step.next !== undefined) await insertEndpointParts(tx, step.next, handedOn);
}

async function writeUsers(tx: Bulk, step: RollStep, groups: readonly StoredRow[][]): Promise<void> {
  const { compacted, handedOn } = await rollUsers(groups, step.next, new Pace());
  await deleteParts(tx, step.tier, groups.flat());
  await insertUserParts(tx, step.tier, compacted);
  if (step.next !== undefined) await insertUserParts(tx, step.next, handedOn);
}

/** Cuts the list into what one transaction takes. */
function* cut(groups: readonly UnrolledGroup[]): Generator<UnrolledGroup[]> {
  let open: UnrolledGroup[] = [];
  let bytes = 0;
  for (const group of groups) {
    if (open.length > 0 && (open.length === GROUPS_AT_ONCE || bytes + group.bytes > BYTES_AT_ONCE)) {
      yield open;
      open = [];
      bytes = 0;
    }
    open.push(group);
    bytes += group.bytes;
  }
  if (open.length > 0) yield open;
}
