import { USERS_KEPT, type WindowTable } from "../store/tiers.ts";
import { eachUser, type UserChunk } from "../store/user-pack.ts";
import type { StoredRow, UserPart } from "../store/window-parts.ts";
import { getOrAdd } from "./get-or-add.ts";
import { floorTo } from "./spans.ts";
import { keepUsers } from "./keep-users.ts";
import type { Pace } from "./pace.ts";
import type { Rolled } from "./roll-endpoints.ts";
import { SeriesList } from "./series-list.ts";

/** The chunks of one part. */
type PartChunks = readonly Uint8Array[];

/** Makes one part of all parts of each window, and hands the parts not rolled up yet on to the next tier. */
export async function rollUsers(
  groups: readonly (readonly StoredRow[])[],
  next: WindowTable | undefined,
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
  const series = new SeriesList();
  for (const chunks of parts)
    for (const chunk of chunks) {
      gather(series, chunk);
      await pace.rest();
    }
  return keepUsers(series, USERS_KEPT, pace);
}

function gather(series: SeriesList, chunk: Uint8Array): void {
  series.from(chunk);
  eachUser(chunk, (high, low, { kind, start, end }) => {
    const entry = series.add(high, low, kind);
    series.starts[entry] = start;
    series.ends[entry] = end;
  });
}
