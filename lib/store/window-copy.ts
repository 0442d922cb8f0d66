import { type CopiedRows, type CopySlabs, whole } from "./copy-out.ts";
import { Prisma } from "./generated/client.ts";
import type { Reader, Snapshot } from "./snapshot.ts";
import { ENDPOINT_TIERS, type Tier, USER_TIERS } from "./tiers.ts";
import type { EndpointRow, UserRow, WindowQuestion } from "./windows.ts";

/** What questions need of a row of users. */
export type CopiedUserRow = Pick<UserRow, "tier" | "endpointId" | "startMs" | "keyLow" | "keyHigh" | "payload">;

/** As `readEndpointRows`, for megabytes of them. With `slabs`, the payloads lie there. */
export async function copyEndpointRows(
  snapshot: Snapshot,
  question: WindowQuestion,
  slabs?: CopySlabs,
): Promise<EndpointRow[]> {
  if (question.endpointIds.length === 0) return [];
  const select = selectOf(ENDPOINT_TIERS, question, { columns: "payload" });
  return rowsOf(await snapshot.copy(select, slabs), (row) => ({
    tier: row.int(),
    endpointId: row.int(),
    startMs: row.float(),
    payload: row.blob(),
  }));
}

/**
 * The parts that `copyEndpointRows` would read, as text by endpoint: none for an endpoint without. A part is written once and
 * never changed, and its number is never given again: as long as the text is the same, so is what the rows hold.
 */
export async function partsOfEndpoints(snapshot: Reader, question: WindowQuestion): Promise<Map<number, string>> {
  if (question.endpointIds.length === 0) return new Map();
  const select = selectOf(ENDPOINT_TIERS, question, { columns: "part" });
  const rows = await snapshot.$queryRaw<{ id: number; parts: string }[]>(
    Prisma.raw(
      `SELECT endpoint_id AS id, string_agg(part::text, ' ' ORDER BY part) AS parts FROM (${select}) AS read GROUP BY 1`,
    ),
  );
  return new Map(rows.map(({ id, parts }) => [id, parts]));
}

/** As `readUserRows`, for megabytes of them, in any order. */
export async function copyUserRows(
  snapshot: Snapshot,
  question: WindowQuestion & { key?: bigint },
): Promise<CopiedUserRow[]> {
  if (question.endpointIds.length === 0) return [];
  const { key } = question;
  const having = key === undefined ? "TRUE" : `key_low <= ${BigInt(key)} AND key_high >= ${BigInt(key)}`;
  const select = selectOf(USER_TIERS, question, { columns: "key_low, key_high, payload", having });
  return rowsOf(await snapshot.copy(select), (row) => ({
    tier: row.int(),
    endpointId: row.int(),
    startMs: row.float(),
    keyLow: row.bigint(),
    keyHigh: row.bigint(),
    payload: row.blob(),
  }));
}

function selectOf(
  tiers: readonly Tier[],
  { tier: asked, endpointIds, fromMs, toMs }: WindowQuestion,
  { columns, having = "TRUE" }: { columns: string; having?: string },
): string {
  const ids = endpointIds.map(whole).join(",");
  const selects = tiers.slice(0, asked + 1).map(({ table, spanSeconds }, tier) => {
    const after = whole(fromMs - spanSeconds * 1_000) / 1_000;
    const within = `start > to_timestamp(${after}) AND start < to_timestamp(${whole(toMs) / 1_000})`;
    return `SELECT ${tier}::int4, endpoint_id, (extract(epoch FROM start) * 1000)::float8, ${columns} FROM "${table}"
      WHERE endpoint_id = ANY('{${ids}}'::int4[]) AND ${within} AND ${having}${tier === asked ? "" : " AND NOT rolled"}`;
  });
  return selects.join(" UNION ALL ");
}

function rowsOf<Row>(copied: CopiedRows, read: (row: CopiedRows) => Row): Row[] {
  const rows: Row[] = [];
  while (copied.next()) rows.push(read(copied));
  return rows;
}
