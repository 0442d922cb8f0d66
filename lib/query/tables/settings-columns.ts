import type { JobStatus, LossCount, LossesAnswer, ServicesAnswer, StorageAnswer } from "../answers.ts";
import type { Columns } from "./table.ts";

export const LOSSES: Columns<LossCount & { service: string; environment: string }> = {
  service: (row) => row.service,
  environment: (row) => row.environment,
  reason: (row) => row.reason,
  count: (row) => row.count,
  unit: (row) => row.unit,
};

export const REFUSALS: Columns<LossesAnswer["refused"][number]> = {
  code: (row) => row.code,
  count: (row) => row.count,
};

export const STORAGE: Columns<StorageAnswer["tables"][number]> = {
  table: (row) => row.table,
  holds: (row) => row.holds,
  bytes: (row) => row.bytes,
  indexBytes: (row) => row.indexBytes,
  toastBytes: (row) => row.toastBytes,
  rows: (row) => row.rows,
  oldest: (row) => row.oldest,
  newest: (row) => row.newest,
  keptSeconds: (row) => row.keptSeconds,
  removedAfterSecondsAtLeast: (row) => row.removedSeconds?.[0] ?? null,
  removedAfterSecondsAtMost: (row) => row.removedSeconds?.[1] ?? null,
};

export const JOBS: Columns<JobStatus> = {
  job: (row) => row.job,
  healthy: (row) => row.healthy,
  everySeconds: (row) => row.everySeconds,
  startedAt: (row) => row.startedAt,
  succeededAt: (row) => row.succeededAt,
  durationMs: (row) => row.durationMs,
  lagSeconds: (row) => row.lagSeconds,
  runs: (row) => row.runs,
  failures: (row) => row.failures,
  error: (row) => row.error,
};

export const SERVICES: Columns<{ name: string; environment: string; lastSeenAt: string | null }> = {
  service: (row) => row.name,
  environment: (row) => row.environment,
  lastSeenAt: (row) => row.lastSeenAt,
};

/** A row an environment. */
export const serviceRows = ({ services }: ServicesAnswer) =>
  services.flatMap(({ name, environments, lastSeenAt }) =>
    environments.map((environment) => ({ name, environment, lastSeenAt })),
  );
