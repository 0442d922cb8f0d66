import { get } from "node:http";
import { setTimeout as pause } from "node:timers/promises";

const ASK_EVERY_MS = 50;
const ANSWER_LIMIT_MS = 5_000;
export const START_LIMIT_MS = 90_000;

/**
 * Waits until an address answers 200: of `/api/health`, until web, worker and database have really begun.
 * @returns the last answer that was not well, or undefined when all is well
 */
export async function untilWell(url: string, signal: AbortSignal): Promise<string | undefined> {
  const limit = performance.now() + START_LIMIT_MS;
  for (;;) {
    const answer = await ask(url);
    if (answer === undefined || signal.aborted) return undefined;
    if (performance.now() > limit) return answer;
    await pause(ASK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}

function ask(url: string): Promise<string | undefined> {
  return new Promise((done) => {
    const request = get(url, { timeout: ANSWER_LIMIT_MS, agent: false }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (body += chunk.slice(0, 2_000)));
      response.on("end", () => done(response.statusCode === 200 ? undefined : `${response.statusCode} ${body}`));
      response.on("error", (error) => done(error.message));
    });
    request.on("timeout", () => request.destroy(new Error("no answer in time")));
    request.on("error", (error) => done(error.message));
  });
}
