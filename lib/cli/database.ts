import { setTimeout as pause } from "node:timers/promises";
import { log } from "../log.ts";
import { prepareEmbedded } from "../store/embedded.ts";
import { backOffMs } from "./child.ts";

export interface RunningDatabase {
  url: string;
  stop(): Promise<void>;
}

/**
 * Starts the embedded PostgreSQL and starts it again whenever it ends by itself; its address stays the same.
 * @throws TailfillError `database_start_failed` or `disk_full` when the first start fails
 */
export async function runEmbeddedDatabase(dataDir: string): Promise<RunningDatabase> {
  const embedded = await prepareEmbedded(dataDir);
  const asked = new AbortController();
  let server = await embedded.start();
  const over = keep();

  async function keep(): Promise<void> {
    for (let failures = 0; ;) {
      await server.ended;
      if (asked.signal.aborted) return;
      failures += 1;
      log("start").warn(`PostgreSQL ended; starting it again in ${backOffMs(failures)} ms`);
      await pause(backOffMs(failures), undefined, { signal: asked.signal }).catch(() => undefined);
      if (asked.signal.aborted) return;
      try {
        server = await embedded.start();
        failures = 0;
      } catch (error) {
        log("start").error(error instanceof Error ? error.message : String(error));
      }
    }
  }

  return {
    url: embedded.url,
    async stop() {
      asked.abort();
      await server.stop();
      await over;
      embedded.close();
    },
  };
}
