import { once } from "node:events";
import { log } from "../log.ts";

/** With this argument a child loads what it needs and then waits until the database is ready for it. */
export const WAIT = "--wait";
export const GO = "go";

/** What is left at this point is cut off, so that `start` ends within its 10 s. */
const STOP_LIMIT_MS = 4_000;

export interface Running {
  stop(): Promise<void>;
}

/**
 * Runs a process of `start`'s until it is asked to stop: by SIGTERM, or by the end of the channel to its parent (the
 * parent was killed). SIGINT is the parent's business: Ctrl-C reaches the whole group, and the parent stops in order.
 * @param begin gets a promise that settles when the database may be used
 */
export async function runChild(name: string, begin: (go: Promise<unknown>) => Promise<Running>): Promise<void> {
  let stopping = false;
  let stop = (): Promise<void> => Promise.resolve();
  const end = (): void => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref();
    void stop().then(
      () => process.exit(0),
      (error: unknown) => fail(name, error),
    );
  };
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", end);
  process.on("disconnect", end);
  try {
    const running = await begin(process.argv.includes(WAIT) ? once(process, "message") : Promise.resolve());
    stop = () => running.stop();
    if (stopping) await running.stop();
  } catch (error) {
    fail(name, error);
  }
}

function fail(name: string, error: unknown): never {
  log(name).error(error, `${name} failed`);
  process.exit(1);
}
