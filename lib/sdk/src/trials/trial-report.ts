import type { TrialReport } from "../../../wire/index.ts";
import { insideOf } from "../client-inside.ts";
import type { Client } from "../client-type.ts";
import type { HourOfTrial, RunningTrial } from "./running-trial.ts";

/** Trials that are told of, each by the client of its first request. */
const told = new WeakSet<RunningTrial>();

/** The trial is told to the server from now on, by this client. */
export function tellTrial(running: RunningTrial, client: Client | undefined): void {
  if (client === undefined || told.has(running)) return;
  told.add(running);
  insideOf(client)?.insight.addSource(() =>
    running.takeChanged().map((hour) => ["trials", trialReport(running, hour)] as const),
  );
}

function trialReport({ trial, harm }: RunningTrial, { hourMs, cells, checks }: HourOfTrial): TrialReport {
  const { name, op, endpoint } = trial;
  return {
    hour: new Date(hourMs).toISOString(),
    trial: name,
    op,
    endpoint: endpoint ?? null,
    stopped: harm ?? null,
    checks: { ...checks },
    cells: cells.map(({ durations, ...cell }) => ({ ...cell, durations: [...durations] })),
  };
}
