import { log } from "../log.ts";

/** What is left at this point is cut off, so that `start` ends within its 10 s. */
const STOP_LIMIT_MS = 4_000;

/**
 * Runs a process of `start`'s until it is asked to stop: by SIGTERM, or by the end of the channel to its parent (the
 * parent was killed). SIGINT is the parent's business: Ctrl-C reaches the whole group, and the parent stops in order.
 */
export async function runChild(name: string, begin: () => Promise<{ stop(): Promise<void> }>): Promise<void> {
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
    const running = await begin();
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
