import type { Connection, Db } from "./db.ts";

/** How far evaluation has come, Unix ms; `null`: not begun. */
export interface AlertClock {
  evaluatedAtMs: number | null;
  ranAtMs: number | null;
}

const columns = `(extract(epoch FROM evaluated_at) * 1000)::float8 AS "evaluatedAtMs", (extract(epoch FROM ran_at) * 1000)::float8 AS "ranAtMs"`;

export async function readAlertClock(db: Connection): Promise<AlertClock> {
  const [row] = await db.$queryRawUnsafe<AlertClock[]>(`SELECT ${columns} FROM alert_clock WHERE id = 1`);
  return row ?? { evaluatedAtMs: null, ranAtMs: null };
}

/** Reads the clock and holds it until the transaction ends: whoever else wants it waits, and sees what was done. */
async function lockAlertClock(tx: Connection): Promise<AlertClock> {
  const [row] = await tx.$queryRawUnsafe<AlertClock[]>(`SELECT ${columns} FROM alert_clock WHERE id = 1 FOR UPDATE`);
  return row ?? { evaluatedAtMs: null, ranAtMs: null };
}

/** Longer than any round should take; whoever else wants the clock waits as long. */
const LIMITS = { timeout: 60_000, maxWait: 10_000 };

/** Does what rounds must not do at the same time, in a transaction that holds the clock. */
export function holdingAlertClock<T>(db: Db, work: (tx: Connection, clock: AlertClock) => Promise<T>): Promise<T> {
  return db.$transaction(async (tx) => work(tx, await lockAlertClock(tx)), LIMITS);
}

export async function setAlertClock(tx: Connection, { evaluatedAtMs, ranAtMs }: AlertClock): Promise<void> {
  const time = (ms: number | null) => (ms === null ? null : new Date(ms));
  await tx.$executeRaw`
    UPDATE alert_clock SET evaluated_at = ${time(evaluatedAtMs)}, ran_at = ${time(ranAtMs)} WHERE id = 1`;
}

/** A stretch in which tailfill was away. */
export interface BlindRow {
  fromMs: number;
  toMs: number;
  why: string;
}

/** Notes such a stretch; of one that is known by its beginning, the later end stays. */
export async function noteBlind(db: Connection, { fromMs, toMs, why }: BlindRow): Promise<void> {
  await db.$executeRaw`
    INSERT INTO alert_blind AS b (from_at, to_at, why) VALUES (${new Date(fromMs)}, ${new Date(toMs)}, ${why})
    ON CONFLICT (from_at) DO UPDATE SET to_at = greatest(b.to_at, excluded.to_at)`;
}

/** Such stretches that ended after a moment. */
export async function blindSince(db: Connection, sinceMs: number): Promise<BlindRow[]> {
  const rows = await db.alertBlind.findMany({ where: { toAt: { gt: new Date(sinceMs) } }, orderBy: { fromAt: "asc" } });
  return rows.map(({ fromAt, toAt, why }) => ({ fromMs: fromAt.getTime(), toMs: toAt.getTime(), why }));
}

export async function deleteBlind(db: Connection, beforeMs: number): Promise<void> {
  await db.alertBlind.deleteMany({ where: { toAt: { lt: new Date(beforeMs) } } });
}

/** Says that a process of a kind takes requests. */
export async function beat(db: Connection, process: string, atMs: number): Promise<void> {
  await db.$executeRaw`
    INSERT INTO process_beat AS p (process, at) VALUES (${process}, ${new Date(atMs)})
    ON CONFLICT (process) DO UPDATE SET at = greatest(p.at, excluded.at)`;
}

/** When a process of a kind last said so; `null`: never. */
export async function lastBeat(db: Connection, process: string): Promise<number | null> {
  const row = await db.processBeat.findUnique({ where: { process } });
  return row?.at.getTime() ?? null;
}
