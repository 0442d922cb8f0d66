import { randomBytes } from "node:crypto";
import type { PrefillMode } from "../wire/index.ts";
import type { Connection } from "./db.ts";

/** What filling is for: `slo`, fewest requests above the target; `p99`, the lowest p99 for the budget. */
export type PrefillGoal = "slo" | "p99";

/** What people decided on for a service and environment. */
export interface PrefillSettings {
  scopeId: number;
  mode: PrefillMode;
  modeSinceMs: number;
  goal: PrefillGoal;
  /** The SLO: a request above misses it. */
  targetUs: number;
  /** `null`: a quarter of what visitors wait for computations now, on average. A number is a limit for every hour. */
  budgetSecondsPerHour: number | null;
  withheldShare: number;
  holdOutShare: number;
  /** The latency that a hit is assumed to have where there is no cache yet; `null`: the endpoint's p10. */
  hitUs: number | null;
  concurrency: number;
  foregroundP95Us: number | null;
  salt: string;
  /** Grows with every change. */
  version: number;
  changedAtMs: number;
  /** The email or the key's name; `null`: never changed, or changed by tailfill itself. */
  changedBy: string | null;
}

export type SettingChanges = Partial<
  Omit<PrefillSettings, "scopeId" | "modeSinceMs" | "salt" | "version" | "changedAtMs" | "changedBy">
>;

/** The settings of a scope. The first time they are asked for they are made: observing, with a salt by chance. */
export async function settingsOf(db: Connection, scopeId: number, nowMs: number): Promise<PrefillSettings> {
  const found = await db.prefillSetting.findUnique({ where: { scopeId } });
  if (found !== null) return fromRow(found);
  const now = new Date(nowMs);
  const data = [{ scopeId, modeSince: now, changedAt: now, salt: randomBytes(16).toString("hex") }];
  await db.prefillSetting.createMany({ data, skipDuplicates: true });
  return fromRow(await db.prefillSetting.findUniqueOrThrow({ where: { scopeId } }));
}

/** Changes settings that exist. */
export async function changeSettings(
  db: Connection,
  scopeId: number,
  { mode, targetUs, hitUs, foregroundP95Us, ...changes }: SettingChanges,
  { nowMs, by }: { nowMs: number; by: string },
): Promise<void> {
  const now = new Date(nowMs);
  if (mode !== undefined)
    await db.prefillSetting.updateMany({ where: { scopeId, mode: { not: mode } }, data: { mode, modeSince: now } });
  const data = { ...changes, ...bigints({ targetUs, hitUs, foregroundP95Us }), changedAt: now, changedBy: by };
  await db.prefillSetting.updateMany({ where: { scopeId }, data: { ...data, version: { increment: 1 } } });
}

/** Goes back from filling to observing, without a person. Returns whether it did: of several that try, one does. */
export async function stopFilling(db: Connection, scopeId: number, nowMs: number): Promise<boolean> {
  const now = new Date(nowMs);
  const { count } = await db.prefillSetting.updateMany({
    where: { scopeId, mode: "fill" },
    data: { mode: "observe", modeSince: now, changedAt: now, changedBy: null, version: { increment: 1 } },
  });
  return count > 0;
}

type Bigints = { targetUs?: bigint; hitUs?: bigint | null; foregroundP95Us?: bigint | null };

function bigints(values: Record<string, number | null | undefined>): Bigints {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name, value === null ? null : BigInt(value!)])) as Bigints;
}

type Row = NonNullable<Awaited<ReturnType<Connection["prefillSetting"]["findUnique"]>>>;

function fromRow({ modeSince, changedAt, targetUs, hitUs, foregroundP95Us, mode, goal, ...row }: Row): PrefillSettings {
  return {
    ...row,
    mode: mode as PrefillMode,
    goal: goal as PrefillGoal,
    modeSinceMs: modeSince.getTime(),
    changedAtMs: changedAt.getTime(),
    targetUs: Number(targetUs),
    hitUs: hitUs === null ? null : Number(hitUs),
    foregroundP95Us: foregroundP95Us === null ? null : Number(foregroundP95Us),
  };
}
