import type { Connection } from "./db.ts";
import type { Prisma } from "./generated/client.ts";
import { uuid7 } from "./uuid7.ts";

export interface SilenceRow {
  id: string;
  matcher: unknown;
  reason: string;
  fromMs: number;
  toMs: number;
  createdAtMs: number;
  createdBy: string | null;
}

export interface MaintenanceRow {
  id: string;
  name: string;
  matcher: unknown;
  fromMs: number;
  toMs: number;
  repeats: string;
  untilMs: number | null;
  createdAtMs: number;
  createdBy: string | null;
}

interface Change {
  nowMs: number;
  by: string | null;
}
type NewSilence = Omit<SilenceRow, "id" | "createdAtMs" | "createdBy">;
type NewMaintenance = Omit<MaintenanceRow, "id" | "createdAtMs" | "createdBy">;

/** Silences that end after a moment, the next to end first. */
export async function readSilences(db: Connection, sinceMs: number): Promise<SilenceRow[]> {
  const rows = await db.alertSilence.findMany({ where: { toAt: { gt: new Date(sinceMs) } }, orderBy: { toAt: "asc" } });
  return rows.map(silenceOf);
}

export async function findSilence(db: Connection, id: string): Promise<SilenceRow | null> {
  const row = await db.alertSilence.findUnique({ where: { id } });
  return row && silenceOf(row);
}

export async function insertSilence(db: Connection, silence: NewSilence, { nowMs, by }: Change): Promise<string> {
  const id = uuid7(nowMs);
  await db.alertSilence.create({ data: { id, ...silenceData(silence), createdAt: new Date(nowMs), createdBy: by } });
  return id;
}

export async function updateSilence(db: Connection, id: string, silence: NewSilence): Promise<boolean> {
  return (await db.alertSilence.updateMany({ where: { id }, data: silenceData(silence) })).count > 0;
}

export async function deleteSilence(db: Connection, id: string): Promise<boolean> {
  return (await db.alertSilence.deleteMany({ where: { id } })).count > 0;
}

/** Forgets silences that were over by a moment. */
export async function deleteOverSilences(db: Connection, beforeMs: number): Promise<void> {
  await db.alertSilence.deleteMany({ where: { toAt: { lt: new Date(beforeMs) } } });
}

export async function readMaintenance(db: Connection): Promise<MaintenanceRow[]> {
  return (await db.alertMaintenance.findMany({ orderBy: { name: "asc" } })).map(maintenanceOf);
}

export async function findMaintenance(db: Connection, id: string): Promise<MaintenanceRow | null> {
  const row = await db.alertMaintenance.findUnique({ where: { id } });
  return row && maintenanceOf(row);
}

export async function insertMaintenance(
  db: Connection,
  window: NewMaintenance,
  { nowMs, by }: Change,
): Promise<string> {
  const id = uuid7(nowMs);
  const made = { createdAt: new Date(nowMs), createdBy: by };
  await db.alertMaintenance.create({ data: { id, ...maintenanceData(window), ...made } });
  return id;
}

export async function updateMaintenance(db: Connection, id: string, window: NewMaintenance): Promise<boolean> {
  return (await db.alertMaintenance.updateMany({ where: { id }, data: maintenanceData(window) })).count > 0;
}

export async function deleteMaintenance(db: Connection, id: string): Promise<boolean> {
  return (await db.alertMaintenance.deleteMany({ where: { id } })).count > 0;
}

function silenceData({ matcher, reason, fromMs, toMs }: NewSilence) {
  return { matcher: matcher as Prisma.InputJsonObject, reason, fromAt: new Date(fromMs), toAt: new Date(toMs) };
}

function maintenanceData({ matcher, name, repeats, fromMs, toMs, untilMs }: NewMaintenance) {
  const until = untilMs === null ? null : new Date(untilMs);
  const times = { fromAt: new Date(fromMs), toAt: new Date(toMs), until };
  return { matcher: matcher as Prisma.InputJsonObject, name, repeats, ...times };
}

type Row<Model extends "alertSilence" | "alertMaintenance"> = NonNullable<
  Awaited<ReturnType<Connection[Model]["findUnique"]>>
>;

function silenceOf({ fromAt, toAt, createdAt, ...row }: Row<"alertSilence">): SilenceRow {
  return { ...row, fromMs: fromAt.getTime(), toMs: toAt.getTime(), createdAtMs: createdAt.getTime() } as SilenceRow;
}

function maintenanceOf({ fromAt, toAt, until, createdAt, ...row }: Row<"alertMaintenance">): MaintenanceRow {
  const times = { fromMs: fromAt.getTime(), toMs: toAt.getTime(), untilMs: until?.getTime() ?? null };
  return { ...row, ...times, createdAtMs: createdAt.getTime() } as MaintenanceRow;
}
