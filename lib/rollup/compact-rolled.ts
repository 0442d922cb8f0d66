import type { Bulk } from "../store/bulk.ts";
import {
  crowdedGroups,
  deleteParts,
  type GroupKey,
  holdEndpoints,
  insertEndpointParts,
  insertUserParts,
  readGroups,
  type StoredRow,
} from "../store/window-parts.ts";
import { getOrAdd } from "./get-or-add.ts";
import type { Pace } from "./pace.ts";
import { rollEndpoints } from "./roll-endpoints.ts";
import { ROLL_STEPS, type RollStep } from "./roll-policy.ts";
import { rollUsers } from "./roll-users.ts";

/** Rolled parts of one group beyond which they are made one. */
const MOST_PARTS = 8;

/**
 * Makes one of the rolled parts of those groups that have become many of them: roll-up looks only where something is not rolled up
 * yet. Parts that are not are left alone.
 */
export async function compactRolled(
  tx: Bulk,
  { holds, tier }: Pick<RollStep, "holds" | "tier">,
  { parts, pace }: { parts: readonly GroupKey[]; pace: Pace },
): Promise<void> {
  const crowded = await crowdedGroups(tx, tier, { groups: parts, moreThan: MOST_PARTS });
  if (crowded.length === 0) return;
  const step = ROLL_STEPS.find((one) => one.tier.table === tier.table)!;
  await holdEndpoints(tx, step.number, [...new Set(crowded.map(({ endpointId }) => endpointId))]);
  const groups = new Map<string, StoredRow[]>();
  for (const row of await readGroups(tx, tier, crowded))
    if (row.rolled) getOrAdd(groups, `${row.endpointId} ${row.startMs}`, () => []).push(row);
  const rows = [...groups.values()];
  const last = { tier, next: undefined };
  if (holds === "endpoints") {
    const { compacted } = await rollEndpoints(rows, last, pace);
    await deleteParts(tx, tier, rows.flat());
    await insertEndpointParts(tx, tier, compacted);
  } else {
    const { compacted } = await rollUsers(rows, undefined, pace);
    await deleteParts(tx, tier, rows.flat());
    await insertUserParts(tx, tier, compacted);
  }
}
