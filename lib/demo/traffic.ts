import { Agent } from "node:http";
import { nextVisit, RUNAWAY, runawayWaitSeconds, sessionsPerSecond, type Visit } from "./day.ts";
import { person } from "./population.ts";
import { nextWaitSeconds, type Random } from "./random.ts";
import { ask, type Asker } from "./visitor.ts";

export interface Traffic {
  stop(): void;
}

/**
 * Open-loop traffic: people come and click by their own clocks, however slow the answers are.
 * (A load that waits for each answer before it asks again hides just the tail that it should show.)
 */
export function startTraffic(port: number, random: Random): Traffic {
  const timers = new Set<NodeJS.Timeout>();
  const asker: Asker = { agent: new Agent({ keepAlive: true, maxSockets: 256 }), port };
  const began = performance.now();
  const after = (ms: number, act: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      act();
    }, ms);
    timers.add(timer);
  };
  const begin = (visit: Visit) => {
    for (const step of visit.steps) after(step.atMs, () => ask(asker, visit.person, step));
  };
  const nextSession = () => {
    const rate = sessionsPerSecond((performance.now() - began) / 1_000);
    after(nextWaitSeconds(random, rate) * 1_000, () => {
      begin(nextVisit(random));
      nextSession();
    });
  };
  const nextRunaway = () =>
    after(runawayWaitSeconds(random) * 1_000, () => {
      ask(asker, person(2), RUNAWAY);
      nextRunaway();
    });
  nextSession();
  nextRunaway();
  return {
    stop() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      asker.agent.destroy();
    },
  };
}
