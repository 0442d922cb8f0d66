import type { Db } from "../store/db.ts";
import { bytesOf, type StretchSum } from "./stretch-sum.ts";

/** What the sums of a process may take, as far as it can be told from their parts: those of some 4,000 endpoints. */
const MOST_BYTES = 32 * 1024 * 1024;

interface Kept {
  parts: string;
  sum: StretchSum;
  bytes: number;
}

/**
 * Sums of stretches, kept for whoever asks again. Most of a day is over and does not change, and a page asks for it every few
 * seconds. A sum is of certain parts, which never change; it is taken for the answer only while the stretch consists of
 * exactly these. A late batch or a roll-up makes other parts, so that the sum is made anew. Nothing here expires by time.
 */
export class KeptSums {
  /** In the order of their last use. */
  private readonly byKey = new Map<string, Kept>();
  private bytes = 0;

  constructor(private readonly mostBytes = MOST_BYTES) {}

  /** The sum of a stretch, if it was made of the same parts. */
  find(key: string, parts: string): StretchSum | undefined {
    const kept = this.byKey.get(key);
    if (kept === undefined || kept.parts !== parts) return undefined;
    this.byKey.delete(key);
    this.byKey.set(key, kept);
    return kept.sum;
  }

  keep(key: string, parts: string, sum: StretchSum): void {
    this.drop(key);
    const bytes = key.length + parts.length + bytesOf(sum);
    this.byKey.set(key, { parts, sum, bytes });
    this.bytes += bytes;
    for (const oldest of this.byKey.keys()) {
      if (this.bytes <= this.mostBytes) break;
      this.drop(oldest);
    }
  }

  private drop(key: string): void {
    const kept = this.byKey.get(key);
    if (kept === undefined) return;
    this.byKey.delete(key);
    this.bytes -= kept.bytes;
  }
}

const byDb = new WeakMap<Db, KeptSums>();

/** The sums kept of a database. */
export function keptSumsOf(db: Db): KeptSums {
  let kept = byDb.get(db);
  if (kept === undefined) byDb.set(db, (kept = new KeptSums()));
  return kept;
}
