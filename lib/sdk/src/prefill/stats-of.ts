import type { Clock } from "../clock.ts";
import type { Engine } from "./engine.ts";
import type { PrefillStats } from "./prefill-type.ts";

/** What an engine did so far. */
export function statsOf(engine: Engine, clock: Clock): PrefillStats {
  const { core, actor, decider, signals, visits, budget } = engine;
  const { sent, waiting, lost, lastFailure } = core.events.stats;
  const nowMs = clock.monotonicMs();
  return {
    mode: core.mode,
    plan: planOf(engine, clock),
    signals: { ...signals.counts },
    decisions: { ...actor.decisions },
    refused: Object.fromEntries(decider.hindrances),
    fills: { ...core.fills },
    running: core.runner.running,
    unknown: { ...core.unknown },
    visits: visits.logged,
    spent: { seconds: budget.spentSeconds(nowMs), level: budget.level(nowMs) },
    speed: core.speed,
    events: { sent, waiting, lost, lastFailure },
  };
}

function planOf({ core, definitions }: Engine, clock: Clock): PrefillStats["plan"] {
  const { cutUsers, leftOut, malformed, failures, lastFailure } = core.plans.counts;
  const index = core.plans.current();
  const planned = [...(index?.definitions ?? [])];
  return {
    ageMs: index === null ? null : Math.round(clock.wallMs() - index.plan.madeAtMs),
    definitions: planned.length,
    users: planned.reduce((sum, [, { users }]) => sum + users.size, 0),
    unknownDefinitions: planned.filter(([name]) => !definitions.has(name)).length,
    cutUsers,
    leftOut,
    malformed,
    failures,
    lastFailure,
  };
}
