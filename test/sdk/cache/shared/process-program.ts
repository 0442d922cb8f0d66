import { Redis } from "ioredis";
import { pid } from "node:process";
import { setTimeout as pause } from "node:timers/promises";
import { define } from "../defined";
import { open, type Kind } from "./kinds";
import { raceOn } from "./race";

/** One process of an app that shares its cache with others. It does what its parent tells it, by messages. */
const [kind, redisUrl, databaseUrl] = process.argv.slice(2) as [Kind, string, string];

const truth = new Redis(redisUrl);
const opened = await open(kind, { redisUrl, databaseUrl });

/** How long a load takes: told by its user's name, so that every process agrees. */
const definition = define<{ n: number; by: number }>(
  {
    name: "shared by processes",
    ttl: 600,
    // Longer than a dead process's lease lasts, so that a test sees which of the two ends the wait.
    waitFor: 60,
    load: async (user) => {
      await truth.incr(`loads:${user}`);
      const n = Number(await truth.get(`truth:${user}`));
      const [, ms] = /takes (\d+) ms/.exec(user) ?? [];
      await pause(ms === undefined ? Math.random() * 4 : Number(ms));
      return { n, by: pid };
    },
  },
  { store: opened.store },
);

const orders = {
  get: (user: string) => definition.get(user),
  fill: (user: string) => definition.fill(user, { decision: "d1", notAfterMs: Date.now() + 60_000 }),
  invalidate: (user: string) => definition.invalidate(user),
  isCold: (user: string) => definition.isCold(user),
  race: (rounds: string) => raceOn({ truth, definition, rounds: Number(rounds) }),
};

process.on("message", ({ id, order, argument }: { id: number; order: keyof typeof orders; argument: string }) => {
  const startMs = performance.now();
  void orders[order](argument).then(
    (answer) => process.send?.({ id, answer, tookMs: performance.now() - startMs }),
    (error: unknown) => process.send?.({ id, error: String(error) }),
  );
});
process.send?.({ id: 0 });
