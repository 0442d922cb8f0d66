import { ENDPOINT_TIERS, type Tier, USER_TIERS } from "../store/tiers.ts";
import type { EndpointPart, StoredRow, UserPart } from "../store/window-parts.ts";
import { getOrAdd } from "./get-or-add.ts";
import type { Landing } from "./gathering.ts";
import type { Pace } from "./pace.ts";
import { rollEndpoints } from "./roll-endpoints.ts";
import { rollUsers } from "./roll-users.ts";

/** Parts of one tier. All are marked as rolled: the wider tiers get their own. */
export interface TierParts<Part> {
  tier: Tier;
  parts: Part[];
}

/**
 * The finest tiers that still keep a moment; `null`: it is older than everything kept. A span of slack makes sure that a question
 * which still reads the finer tier there finds it.
 */
export function landingFor(startMs: number, nowMs: number): Landing | null {
  const keeps = ({ keptSeconds, spanSeconds }: Tier) => startMs >= nowMs - (keptSeconds + spanSeconds) * 1_000;
  const endpoints = ENDPOINT_TIERS.find(keeps);
  const users = USER_TIERS.find(keeps);
  return endpoints === undefined || users === undefined ? null : { endpoints, users };
}

/**
 * What history is in each tier that keeps its time: unlike what apps send, it is written to all of them at once, so that no roll-up
 * hands it on to the totals, whose counters are of what came live.
 */
export async function endpointTiers(
  parts: readonly EndpointPart[],
  landing: Tier,
  pace: Pace,
): Promise<TierParts<EndpointPart>[]> {
  const found: TierParts<EndpointPart>[] = [];
  let current = [...parts];
  for (const [tier, next] of from(ENDPOINT_TIERS, landing)) {
    found.push({ tier, parts: rolled(current) });
    if (next === undefined) break;
    const rows = current.map((part): StoredRow => ({ ...part, rolled: false, part: 0n }));
    current = (await rollEndpoints(grouped(rows), { tier, next }, pace)).handedOn;
  }
  return found;
}

export async function userTiers(parts: readonly UserPart[], landing: Tier, pace: Pace): Promise<TierParts<UserPart>[]> {
  const found: TierParts<UserPart>[] = [];
  let current = [...parts];
  for (const [tier, next] of from(USER_TIERS, landing)) {
    found.push({ tier, parts: rolled(current) });
    if (next === undefined) break;
    const rows = current.flatMap(({ endpointId, startMs, chunks }, part) =>
      chunks.map(({ payload }): StoredRow => ({ endpointId, startMs, part: BigInt(part), rolled: false, payload })),
    );
    current = (await rollUsers(grouped(rows), next, pace)).handedOn;
  }
  return found;
}

/** The tiers from one on. */
export const tiersFrom = (tiers: readonly Tier[], first: Tier): Tier[] => tiers.slice(tiers.indexOf(first));

/** The same, each with the one behind it. */
const from = (tiers: readonly Tier[], first: Tier): [Tier, Tier | undefined][] =>
  tiersFrom(tiers, first).map((tier, place, rest) => [tier, rest[place + 1]]);

const rolled = <Part extends { rolled: boolean }>(parts: readonly Part[]): Part[] =>
  parts.map((part) => ({ ...part, rolled: true }));

function grouped(rows: readonly StoredRow[]): StoredRow[][] {
  const groups = new Map<string, StoredRow[]>();
  for (const row of rows) getOrAdd(groups, `${row.endpointId} ${row.startMs}`, () => []).push(row);
  return [...groups.values()];
}
