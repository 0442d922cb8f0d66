import { statfs } from "node:fs/promises";
import { type Clock, sinceMs } from "../clock.ts";

/** Below this, nothing new is accepted: PostgreSQL needs room for its log, and people need room to act. */
export const LEAST_FREE_BYTES = 200 * 1024 * 1024;
const BELIEVED_MS = 3_000;

/** Bytes that an ordinary user may still write in the file system of a folder; `null` when it cannot be told. */
export async function freeBytes(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}

/** Watches the room of the data directory, asking at most every few seconds. Without a folder there is nothing to watch. */
export class DiskWatch {
  private askedMs = -Infinity;
  private answer: Promise<number | null> = Promise.resolve(null);

  constructor(
    private readonly folder: string | undefined,
    private readonly clock: Clock,
    private readonly ask: (folder: string) => Promise<number | null> = freeBytes,
  ) {}

  /** Whether there is so little room that nothing new may be written. */
  async isFull(): Promise<boolean> {
    if (this.folder === undefined) return false;
    if (sinceMs(this.askedMs, this.clock.now()) >= BELIEVED_MS) {
      this.askedMs = this.clock.now();
      this.answer = this.ask(this.folder);
    }
    const free = await this.answer;
    return free !== null && free < LEAST_FREE_BYTES;
  }
}
