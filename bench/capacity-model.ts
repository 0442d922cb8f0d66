import { seeded } from "./samples.ts";

/** What an installation is to bear. */
export interface Load {
  requestsPerSecond: number;
  /** Processes of apps; each sends a batch in ten seconds. */
  instances: number;
  /** Of all services together, and those that one instance serves. */
  endpoints: number;
  endpointsAnInstance: number;
  /** Users that are there at some time of an hour, and of a day. */
  usersAnHour: number;
  usersADay: number;
  /** Endpoints that a user asks while being there, and the part of an hour for which that is. */
  endpointsAUser: number;
  sessionShare: number;
}

/** What things cost, as `npm run bench -- capacity` and `-- disk` measure them. Times are of one core. */
export interface Constants {
  /** CPU of a batch, microseconds: by itself, and for each series of an endpoint or user in it. */
  webBatchUs: number;
  webSeriesUs: number;
  workerBatchUs: number;
  workerSeriesUs: number;
  postgresBatchUs: number;
  postgresSeriesUs: number;
  /** Log of PostgreSQL, bytes. */
  walBatchBytes: number;
  walSeriesBytes: number;
  /** On disk, with all of the retention full: an endpoint; a user's window of a minute, an hour, a day at one endpoint. */
  endpointBytes: number;
  minuteBytes: number;
  hourBytes: number;
  dayBytes: number;
  /** A user's label. */
  labelBytes: number;
}

/** How long rows of users lie on disk, seconds: to the drop of their partition, on average. */
const MINUTES_ON_DISK_SECONDS = 3.5 * 86_400;
const HOURS_ON_DISK_SECONDS = 36.5 * 86_400;
const DAYS_ON_DISK_SECONDS = 417 * 86_400;
const WINDOW_SECONDS = 10;
/** Series of users in one batch, and users with a row of their own in one window of an endpoint. */
const SERIES_KEPT = 10_000;
const USERS_KEPT = 10_000;

/** What a load comes to. */
export interface Demand {
  batchesPerSecond: number;
  /** Series of endpoints and of users in a batch. */
  seriesABatch: number;
  /** Cores that are busy. */
  webCores: number;
  workerCores: number;
  postgresCores: number;
  walBytesPerSecond: number;
  diskBytes: number;
}

/** How many different ones are seen in so many draws from `from`. */
export const distinct = (from: number, draws: number): number => (from <= 0 ? 0 : from * -Math.expm1(-draws / from));

export function demandOf(load: Load, cost: Constants): Demand {
  const batchesPerSecond = load.instances / WINDOW_SECONDS;
  const seriesABatch = seriesOf(load);
  const cores = (batchUs: number, seriesUs: number) => (batchesPerSecond * (batchUs + seriesUs * seriesABatch)) / 1e6;
  return {
    batchesPerSecond,
    seriesABatch,
    webCores: cores(cost.webBatchUs, cost.webSeriesUs),
    workerCores: cores(cost.workerBatchUs, cost.workerSeriesUs),
    postgresCores: cores(cost.postgresBatchUs, cost.postgresSeriesUs),
    walBytesPerSecond: batchesPerSecond * (cost.walBatchBytes + cost.walSeriesBytes * seriesABatch),
    diskBytes: diskOf(load, cost),
  };
}

/** A load balancer gives an instance requests of anybody: the more users are there, the fewer requests share a series. */
function seriesOf(load: Load): number {
  const requests = (load.requestsPerSecond * WINDOW_SECONDS) / load.instances;
  const pairs = load.usersAnHour * load.sessionShare * load.endpointsAUser;
  return distinct(load.endpointsAnInstance, requests) + Math.min(SERIES_KEPT, distinct(pairs, requests));
}

function diskOf(load: Load, cost: Constants): number {
  const requestsIn = (seconds: number) => (load.requestsPerSecond * seconds) / load.endpoints;
  const there = (users: number) => (users * load.endpointsAUser) / load.endpoints;
  const rows = (seconds: number, users: number) => Math.min(USERS_KEPT, distinct(there(users), requestsIn(seconds)));
  const anEndpoint =
    cost.endpointBytes +
    cost.minuteBytes * rows(60, load.usersAnHour * load.sessionShare) * (MINUTES_ON_DISK_SECONDS / 60) +
    cost.hourBytes * rows(3_600, load.usersAnHour) * (HOURS_ON_DISK_SECONDS / 3_600) +
    cost.dayBytes * rows(86_400, load.usersADay) * (DAYS_ON_DISK_SECONDS / 86_400);
  return load.endpoints * anEndpoint + load.usersADay * cost.labelBytes;
}

/** Processes and machines that bear a load. */
export interface Fleet {
  webProcesses: number;
  workerProcesses: number;
  /** Machines of PostgreSQL: 1 is no cluster. */
  postgresMachines: number;
}

/** What one machine of PostgreSQL is taken for. */
export interface Machine {
  cores: number;
  walBytesPerSecond: number;
  diskBytes: number;
}

/** How busy a process or machine may be, so that peaks and the loss of one are borne. */
export const BUSY = 0.6;

export function fleetFor(demand: Demand, machine: Machine): Fleet {
  const processes = (cores: number) => Math.max(1, Math.ceil(cores / BUSY));
  return {
    webProcesses: processes(demand.webCores),
    workerProcesses: processes(demand.workerCores),
    postgresMachines: Math.max(
      1,
      Math.ceil(demand.postgresCores / (machine.cores * BUSY)),
      Math.ceil(demand.walBytesPerSecond / (machine.walBytesPerSecond * BUSY)),
      Math.ceil(demand.diskBytes / (machine.diskBytes * BUSY)),
    ),
  };
}

/** What is seen of a fleet under a load. */
export interface Simulated {
  /** From a window's end to its place in a window of the database, milliseconds, at the 95th percentile. */
  lagP95Ms: number;
  answerP95Ms: number;
  webBusy: number;
  workerBusy: number;
}

/** Folders look for work this often, and take so many bytes at once. */
const FOLD_EVERY_MS = 2_000;
const FOLD_AT_ONCE = 400;
/** A transaction of a folder costs this much by itself, milliseconds. */
const FOLD_MS = 20;

/**
 * Plays a fleet under a load, batch by batch: instances send at moments of their own, web processes take one after the other, workers
 * fold in rounds what waits. PostgreSQL answers at once: how busy it is, `demandOf` says.
 */
export function simulate(
  load: Load,
  fleet: Fleet,
  cost: Constants,
  { seconds, seed = 1 }: { seconds: number; seed?: number },
): Simulated {
  const series = seriesOf(load);
  const webMs = (cost.webBatchUs + cost.webSeriesUs * series) / 1_000;
  const foldMs = (cost.workerBatchUs + cost.workerSeriesUs * series) / 1_000;
  const arrivals = arrivalsOf(load, { seconds, random: seeded(seed) });
  const stored = served(arrivals, { processes: fleet.webProcesses, ms: webMs });
  const folded = folds(stored, { processes: fleet.workerProcesses, ms: foldMs });
  const endMs = seconds * 1_000;
  return {
    lagP95Ms: quantile(
      folded.map((at, n) => at - arrivals[n]!),
      0.95,
    ),
    answerP95Ms: quantile(
      stored.map((at, n) => at - arrivals[n]!),
      0.95,
    ),
    webBusy: (arrivals.length * webMs) / (endMs * fleet.webProcesses),
    workerBusy: (arrivals.length * foldMs) / (endMs * fleet.workerProcesses),
  };
}

/** Every instance ends its windows with the clock, and sends some time after, up to two seconds. */
function arrivalsOf({ instances }: Load, { seconds, random }: { seconds: number; random: () => number }): number[] {
  const arrivals: number[] = [];
  for (let startMs = 0; startMs < seconds * 1_000; startMs += WINDOW_SECONDS * 1_000)
    for (let n = 0; n < instances; n++) arrivals.push(startMs + random() * 2_000);
  return arrivals.sort((a, b) => a - b);
}

/** When each is done by some processes, each of which takes the next as soon as it is free. */
function served(arrivals: readonly number[], { processes, ms }: { processes: number; ms: number }): number[] {
  const freeMs = new Float64Array(processes);
  return arrivals.map((atMs, n) => {
    const own = n % processes; // round robin
    freeMs[own] = Math.max(freeMs[own]!, atMs) + ms;
    return freeMs[own]!;
  });
}

function folds(stored: readonly number[], { processes, ms }: { processes: number; ms: number }): number[] {
  const order = stored.map((atMs, n) => ({ atMs, n })).sort((a, b) => a.atMs - b.atMs);
  const done = stored.map(() => 0);
  const freeMs = Array.from({ length: processes }, (_, n) => (n * FOLD_EVERY_MS) / processes);
  for (let next = 0; next < order.length;) {
    const own = freeMs.indexOf(Math.min(...freeMs));
    const nowMs = freeMs[own]!;
    let taken = next;
    while (taken < order.length && taken - next < FOLD_AT_ONCE && order[taken]!.atMs <= nowMs) taken++;
    freeMs[own] = taken === next ? nowMs + FOLD_EVERY_MS : nowMs + FOLD_MS + (taken - next) * ms;
    for (; next < taken; next++) done[order[next]!.n] = freeMs[own]!;
  }
  return done;
}

function quantile(list: readonly number[], q: number): number {
  const sorted = [...list].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}
