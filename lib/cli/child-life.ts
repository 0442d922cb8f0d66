import { once } from "node:events";
import { log } from "../log.ts";

/** With this argument a child loads what it needs and then waits until the database is ready for it. */
export const WAIT = "--wait";
export const GO = "go";
/** What a child says when it has begun its work. */
export const RUNNING = "running";

/** What is left at this point is cut off, so that `start` ends within its 10 s. */
const STOP_LIMIT_MS = 4_000;

export interface Running {
  /** @param how `atOnce`: who would wait for an orderly end is gone */
  stop(how: { atOnce: boolean }): Promise<void>;
  /** How long an orderly stop takes by itself, milliseconds; nothing when absent. */
  stopMs?: number;
}

/**
 * Runs a process of `start`'s until it is asked to stop: by SIGTERM, or by the end of the channel to its parent (the
 * parent was killed). SIGINT is the parent's business: Ctrl-C reaches the whole group, and the parent stops in order.
 * @param begin gets a promise that settles when the database may be used
 */
export async function runChild(name: string, begin: (go: Promise<unknown>) => Promise<Running>): Promise<void> {
  let stopping: { atOnce: boolean } | undefined;
  let running: Running = { stop: () => Promise.resolve() };
  const end = (how: { atOnce: boolean }): void => {
    const isFirst = stopping === undefined;
    if (!isFirst && !how.atOnce) return;
    setTimeout(() => process.exit(1), STOP_LIMIT_MS + (how.atOnce ? 0 : (running.stopMs ?? 0))).unref();
    if (!isFirst) return; // the parent was killed meanwhile: another one wants the port
    stopping = how;
    void running.stop(how).then(
      () => process.exit(0),
      (error: unknown) => fail(name, error),
    );
  };
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => end({ atOnce: false }));
  process.on("disconnect", () => end({ atOnce: true }));
  try {
    running = await begin(process.argv.includes(WAIT) ? once(process, "message") : Promise.resolve());
    if (stopping !== undefined) await running.stop(stopping);
    else process.send?.(RUNNING);
  } catch (error) {
    fail(name, error);
  }
}

function fail(name: string, error: unknown): never {
  log(name).error(error, `${name} failed`);
  process.exit(1);
}
