import { mergeUsersInSteps, type PartChunks } from "../store/merge-users.ts";
import { type Tier, USERS_KEPT } from "../store/tiers.ts";
import type { Piece, UserChunk } from "../store/user-pack.ts";
import type { StoredRow, UserPart } from "../store/window-parts.ts";
import type { GatheredUser } from "./gathered-user.ts";
import { floorTo, getOrAdd } from "./gathering.ts";
import { keepUsers } from "./keep-users.ts";
import type { Pace } from "./pace.ts";
import type { Rolled } from "./roll-endpoints.ts";

/** Makes one part of all parts of each window, and hands the parts not rolled up yet on to the next tier. */
export async function rollUsers(
  groups: readonly (readonly StoredRow[])[],
  next: Tier | undefined,
  pace: Pace,
): Promise<Rolled<UserPart>> {
  const rolled: Rolled<UserPart> = { compacted: [], handedOn: [] };
  const wider = new Map<string, { endpointId: number; startMs: number; parts: PartChunks[] }>();
  for (const rows of groups) {
    const { endpointId, startMs } = rows[0]!;
    const chunks = await merge(partsOf(rows), pace);
    rolled.compacted.push({ endpointId, startMs, rolled: true, chunks });
    if (next === undefined) continue;
    const nextMs = floorTo(startMs, next.spanSeconds);
    const span = getOrAdd(wider, `${endpointId} ${nextMs}`, () => ({ endpointId, startMs: nextMs, parts: [] }));
    if (rows.some((row) => row.rolled)) span.parts.push(...partsOf(rows.filter((row) => !row.rolled)));
    else span.parts.push(chunks.map(({ payload }) => payload)); // nothing of this window was handed on before
  }
  for (const { endpointId, startMs, parts } of wider.values())
    rolled.handedOn.push({ endpointId, startMs, rolled: false, chunks: await merge(parts, pace) });
  return rolled;
}

/** The chunks of each part; rows come in the order of part and key. */
function partsOf(rows: readonly StoredRow[]): PartChunks[] {
  const parts = new Map<bigint, Uint8Array[]>();
  for (const { part, payload } of rows) getOrAdd(parts, part, () => []).push(payload);
  return [...parts.values()];
}

async function merge(parts: readonly PartChunks[], pace: Pace): Promise<UserChunk[]> {
  const users: GatheredUser[] = [];
  for (const { high, low, eachPiece } of mergeUsersInSteps(parts)) {
    const pieces: Piece[] = [];
    eachPiece((piece) => pieces.push({ ...piece }));
    users.push({ high, low, pieces });
    if (pace.isOver) await pace.turn();
  }
  return keepUsers(users, USERS_KEPT, pace);
}
