import type { PrefillMode } from "../wire/index.ts";
import type { Connection } from "./db.ts";

/** What was predicted at a moment. Latencies in microseconds. */
export interface Forecast {
  atMs: number;
  mode: PrefillMode;
  budgetSecondsPerHour: number;
  p99BeforeUs: number | null;
  p99AfterUs: number | null;
  p99LowUs: number | null;
  p99HighUs: number | null;
}

/** Keeps a prediction. Of several for one moment, the last one stays. */
export async function saveForecast(db: Connection, scopeId: number, { atMs, ...forecast }: Forecast): Promise<void> {
  const big = (us: number | null) => (us === null ? null : BigInt(Math.round(us)));
  const data = {
    ...forecast,
    p99BeforeUs: big(forecast.p99BeforeUs),
    p99AfterUs: big(forecast.p99AfterUs),
    p99LowUs: big(forecast.p99LowUs),
    p99HighUs: big(forecast.p99HighUs),
  };
  const at = new Date(atMs);
  await db.prefillForecast.upsert({
    where: { scopeId_at: { scopeId, at } },
    create: { scopeId, at, ...data },
    update: data,
  });
}

/** The last prediction up to a moment; `null` when no plan was made yet. */
export async function lastForecast(db: Connection, scopeId: number, atMs: number): Promise<Forecast | null> {
  const row = await db.prefillForecast.findFirst({
    where: { scopeId, at: { lte: new Date(atMs) } },
    orderBy: { at: "desc" },
  });
  return row && fromRow(row);
}

/** The predictions of a range, in the order of time. */
export async function forecastsIn(
  db: Connection,
  scopeId: number,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Promise<Forecast[]> {
  const rows = await db.prefillForecast.findMany({
    where: { scopeId, at: { gte: new Date(fromMs), lt: new Date(toMs) } },
    orderBy: { at: "asc" },
  });
  return rows.map(fromRow);
}

type Row = NonNullable<Awaited<ReturnType<Connection["prefillForecast"]["findFirst"]>>>;

const number = (us: bigint | null): number | null => (us === null ? null : Number(us));

function fromRow({ at, mode, budgetSecondsPerHour, ...row }: Row): Forecast {
  return {
    atMs: at.getTime(),
    mode: mode as PrefillMode,
    budgetSecondsPerHour,
    p99BeforeUs: number(row.p99BeforeUs),
    p99AfterUs: number(row.p99AfterUs),
    p99LowUs: number(row.p99LowUs),
    p99HighUs: number(row.p99HighUs),
  };
}

export async function deleteForecasts(db: Connection, beforeMs: number): Promise<number> {
  const { count } = await db.prefillForecast.deleteMany({ where: { at: { lt: new Date(beforeMs) } } });
  return count;
}
