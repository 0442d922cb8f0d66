import { createHash } from "node:crypto";
import { STATEMENT_ID_LENGTH, type StatementText } from "../wire/index.ts";
import type { Connection } from "./db.ts";
import type { Reader } from "./snapshot.ts";

/** Statements of one service whose text is kept; of more, only the id is known. */
const STATEMENTS_KEPT = 10_000;

/** The id that the SDK gives a statement of this fingerprint. */
export const statementIdOf = (fingerprint: string): string =>
  createHash("sha256").update(fingerprint).digest("hex").slice(0, STATEMENT_ID_LENGTH);

/** Keeps what statements are. None may be listed twice. */
export async function saveStatements(
  db: Connection,
  serviceId: number,
  { statements, atMs }: { statements: readonly StatementText[]; atMs: number },
): Promise<void> {
  if (statements.length === 0) return;
  const sorted = [...statements].sort((a, b) => (a.id < b.id ? -1 : 1)); // two reports must not wait for each other in a circle
  const at = new Date(atMs);
  await db.$executeRaw`
    INSERT INTO insight_statement AS s (service_id, id, text, first_at, last_at)
    SELECT ${serviceId}::int, n.id, n.text, ${at}, ${at}
    FROM unnest(${sorted.map(({ id }) => id)}::text[], ${sorted.map(({ text }) => text)}::text[]) AS n (id, text)
    WHERE (SELECT count(*) FROM insight_statement WHERE service_id = ${serviceId}::int) < ${STATEMENTS_KEPT}::int
      OR EXISTS (SELECT FROM insight_statement k WHERE k.service_id = ${serviceId}::int AND k.id = n.id)
    ON CONFLICT (service_id, id) DO UPDATE SET last_at = greatest(s.last_at, excluded.last_at)
      WHERE s.last_at < excluded.last_at - interval '1 hour'`;
}

/** The texts of some statements of a service, as far as they are known. */
export async function textsOf(db: Reader, serviceId: number, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db.$queryRaw<{ id: string; text: string }[]>`
    SELECT id, text FROM insight_statement WHERE service_id = ${serviceId} AND id = ANY(${[...ids]}::text[])`;
  return new Map(rows.map(({ id, text }) => [id, text]));
}

/** Removes what has not been seen since. */
export async function deleteStatements(db: Connection, beforeMs: number): Promise<void> {
  await db.insightStatement.deleteMany({ where: { lastAt: { lt: new Date(beforeMs) } } });
}
