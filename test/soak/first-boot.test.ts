import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { serverSuite } from "../support/server-process.ts";

const STEP_MS = 50;
const LAST_MS = 5_000;

test("kill -9 at any moment of the first start: the next start works", async () => {
  for (let ms = STEP_MS; ms <= LAST_MS; ms += STEP_MS) {
    const suite = await serverSuite();
    try {
      const first = suite.start();
      await pause(ms);
      first.signal("SIGKILL");
      await first.over();
      const url = await suite.start().ready();
      expect((await fetch(`${url}/api/health`)).status).toBe(200);
    } finally {
      await suite.clean();
    }
  }
});
