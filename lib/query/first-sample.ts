import type { Db } from "../store/db.ts";
import { firstWindow } from "../store/first-window.ts";

/** What is older than this is not asked for again: it stays so. */
const OLD_MS = 3_600_000;
const old = new WeakMap<Db, number>();

/** When the first request that the server keeps was counted, Unix ms; `null`: none was. It may be told of one that expired since. */
export async function firstSample(db: Db, nowMs: number): Promise<number | null> {
  const known = old.get(db);
  if (known !== undefined) return known;
  const seconds = await firstWindow(db, {});
  if (seconds === null) return null;
  if (nowMs - seconds * 1_000 > OLD_MS) old.set(db, seconds * 1_000);
  return seconds * 1_000;
}
