import type { Connection } from "./db.ts";
import type { Prisma } from "./generated/client.ts";
import { uuid7 } from "./uuid7.ts";

/** Who keeps a rule: people and programs by the API, or the rules file. */
export type RuleSource = "api" | "file";

export interface RuleRow {
  id: string;
  name: string;
  kind: string;
  /** The whole rule, defaults filled in. */
  definition: unknown;
  receivers: string[];
  enabled: boolean;
  source: RuleSource;
  version: number;
  createdAtMs: number;
  changedAtMs: number;
  changedBy: string | null;
}

/** What is written of a rule. */
export interface RuleWrite {
  name: string;
  kind: string;
  definition: unknown;
  receivers: readonly string[];
  enabled: boolean;
  source: RuleSource;
}

interface Change {
  nowMs: number;
  by: string | null;
}

/** All rules by name; with `ids`, those. */
export async function readRules(
  db: Connection,
  where: { enabled?: boolean; ids?: readonly string[] } = {},
): Promise<RuleRow[]> {
  const { enabled, ids } = where;
  const rows = await db.alertRule.findMany({
    where: { ...(enabled === undefined ? {} : { enabled }), ...(ids === undefined ? {} : { id: { in: [...ids] } }) },
    orderBy: { name: "asc" },
  });
  return rows.map(fromRow);
}

export async function countRules(db: Connection): Promise<number> {
  return db.alertRule.count();
}

export async function findRule(db: Connection, id: string): Promise<RuleRow | null> {
  const row = await db.alertRule.findUnique({ where: { id } });
  return row && fromRow(row);
}

export async function findRuleNamed(db: Connection, name: string): Promise<RuleRow | null> {
  const row = await db.alertRule.findUnique({ where: { name } });
  return row && fromRow(row);
}

export async function insertRule(db: Connection, rule: RuleWrite, { nowMs, by }: Change): Promise<string> {
  const [id, now] = [uuid7(nowMs), new Date(nowMs)];
  await db.alertRule.create({ data: { id, ...dataOf(rule), createdAt: now, changedAt: now, changedBy: by } });
  return id;
}

/** Returns whether there was such a rule. */
export async function updateRule(db: Connection, id: string, rule: RuleWrite, { nowMs, by }: Change): Promise<boolean> {
  const data = { ...dataOf(rule), changedAt: new Date(nowMs), changedBy: by, version: { increment: 1 } };
  return (await db.alertRule.updateMany({ where: { id }, data })).count > 0;
}

/** Returns whether there was such a rule. */
export async function deleteRule(db: Connection, id: string): Promise<boolean> {
  return (await db.alertRule.deleteMany({ where: { id } })).count > 0;
}

/** Takes a receiver out of every rule. Whom they tell says nothing about what fires: their version stays. */
export async function forgetReceiver(tx: Connection, receiverId: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE alert_rule SET receivers = array_remove(receivers, ${receiverId}::text),
      definition = jsonb_set(definition, '{receivers}', (definition -> 'receivers') - ${receiverId}::text)
    WHERE ${receiverId}::text = ANY(receivers)`;
}

/** What pages name rules by, and whom they tell. */
export async function readRuleNames(db: Connection): Promise<Pick<RuleRow, "id" | "name" | "receivers">[]> {
  return db.alertRule.findMany({ select: { id: true, name: true, receivers: true }, orderBy: { name: "asc" } });
}

function dataOf({ definition, receivers, ...rule }: RuleWrite) {
  return { ...rule, receivers: [...receivers], definition: definition as Prisma.InputJsonValue };
}

type Row = NonNullable<Awaited<ReturnType<Connection["alertRule"]["findUnique"]>>>;

function fromRow({ createdAt, changedAt, source, ...row }: Row): RuleRow {
  return { ...row, source: source as RuleSource, createdAtMs: createdAt.getTime(), changedAtMs: changedAt.getTime() };
}
