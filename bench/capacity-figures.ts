import type { Constants, Load, Machine } from "./capacity-model.ts";

/** Of one core of the machine of bench/README.md: see there how each was measured. */
export const MEASURED: Constants = {
  webBatchUs: 6_000,
  webSeriesUs: 0.3,
  workerBatchUs: 1_700,
  workerSeriesUs: 3.5,
  postgresBatchUs: 2_100,
  postgresSeriesUs: 1.6,
  walBatchBytes: 5_500,
  walSeriesBytes: 79,
  endpointBytes: 16_000_000,
  minuteBytes: 24,
  hourBytes: 42,
  dayBytes: 268,
  labelBytes: 120,
};

/** A machine of PostgreSQL as clouds have them in the middle of their lists. */
export const POSTGRES_MACHINE: Machine = { cores: 16, walBytesPerSecond: 200e6, diskBytes: 4e12 };

/** Loads of docs/scaling.md. An instance serves 250 requests a second; a user is there for six minutes of an hour. */
export const LOADS: { name: string; load: Load }[] = [
  { name: "50,000 requests/s", load: loadOf({ requestsPerSecond: 50_000, endpoints: 50, usersAnHour: 100_000 }) },
  {
    name: "200,000 requests/s",
    load: loadOf({ requestsPerSecond: 200_000, endpoints: 1_000, usersAnHour: 2_000_000 }),
  },
  {
    name: "1,000,000 requests/s",
    load: loadOf({ requestsPerSecond: 1_000_000, endpoints: 10_000, usersAnHour: 10_000_000 }),
  },
];

/** Users of a day are five times those of an hour: 50 million at the largest. */
function loadOf(plan: { requestsPerSecond: number; endpoints: number; usersAnHour: number }): Load {
  return {
    ...plan,
    instances: plan.requestsPerSecond / 250,
    endpointsAnInstance: Math.min(plan.endpoints, 250),
    usersADay: plan.usersAnHour * 5,
    endpointsAUser: 10,
    sessionShare: 0.1,
  };
}
