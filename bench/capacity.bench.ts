// What one machine bears: the load of 200 instances with 50,000 requests a second, and then, in each direction by itself, how far it goes.
import type { Traffic } from "./capacity-load.ts";
import { bear, type Borne } from "./capacity-run.ts";
import { agent } from "./http.ts";
import { startMachines } from "./machines.ts";
import { type Row, short } from "./rounds.ts";

/** What the issue of a machine is measured by: within these a load is borne. */
const LIMITS = { lagP95Ms: 15_000, pageP95Ms: 300, answerP99Ms: 1_000 };

const FIXED: Traffic = {
  requestsPerSecond: 50_000,
  instances: 200,
  endpointsAService: 50,
  services: 1,
  usersAnHour: 100_000,
};
const FIXED_WINDOWS = 18;
const SEARCH_WINDOWS = 4;
/** Tries of a search beyond the first: each takes most of a minute. */
const TRIES = 4;

/** In each direction: the load that is so many times the fixed one. */
const DIRECTIONS: Record<string, (times: number) => Traffic> = {
  "requests (as many more instances and users)": (times) => ({
    ...FIXED,
    requestsPerSecond: FIXED.requestsPerSecond * times,
    instances: Math.round(FIXED.instances * times),
    usersAnHour: Math.round(FIXED.usersAnHour * times),
  }),
  "requests of the same instances and users": (times) => ({
    ...FIXED,
    requestsPerSecond: FIXED.requestsPerSecond * times,
  }),
  "endpoints, 500 a service, without users": (times) => ({
    ...FIXED,
    usersAnHour: 0,
    endpointsAService: 500,
    services: Math.max(1, Math.round(times)),
    instances: Math.round(FIXED.instances * times),
  }),
  users: (times) => ({ ...FIXED, usersAnHour: Math.round(FIXED.usersAnHour * times) }),
};

const isBorne = (run: Borne): boolean =>
  run.lagP95Ms <= LIMITS.lagP95Ms && run.pageP95Ms <= LIMITS.pageP95Ms && run.answerP99Ms <= LIMITS.answerP99Ms;

export default async function bench(): Promise<Row[]> {
  const rows: Row[] = [];
  const measure = async (what: string, traffic: Traffic, windows: number): Promise<boolean> => {
    const machines = await startMachines({ webs: 1, workers: 1 });
    try {
      await bear(machines, { ...traffic, instances: 20, requestsPerSecond: traffic.requestsPerSecond / 10 }, 1); // compiles
      const run = await bear(machines, traffic, windows);
      rows.push(rowOf(what, traffic, run));
      console.log(JSON.stringify(rows.at(-1)));
      return isBorne(run);
    } finally {
      await machines.stop();
    }
  };
  await measure("fixed", FIXED, FIXED_WINDOWS);
  await measure("fixed, without users", { ...FIXED, usersAnHour: 0 }, SEARCH_WINDOWS);
  if (process.argv.includes("--fixed")) return rows;
  for (const [what, trafficAt] of Object.entries(DIRECTIONS))
    await search((times) => measure(what, trafficAt(times), SEARCH_WINDOWS));
  agent.destroy();
  return rows;
}

/** Doubles while it is borne, then halves the step. */
async function search(isBorneAt: (times: number) => Promise<boolean>): Promise<void> {
  let [good, bad] = [1, Infinity];
  for (let tries = 0; tries < TRIES && bad - good > 0.25; tries++) {
    const times = bad === Infinity ? good * 2 : (good + bad) / 2;
    if (await isBorneAt(times)) good = times;
    else bad = times;
  }
}

function rowOf(what: string, traffic: Traffic, run: Borne): Row {
  const cpu = (name: string) => short(run.cpuMs.get(name) ?? 0, 2);
  return {
    what,
    "requests/s": traffic.requestsPerSecond,
    instances: traffic.instances,
    endpoints: traffic.endpointsAService * traffic.services,
    "users/h": traffic.usersAnHour,
    borne: isBorne(run) ? "yes" : "no",
    "batches/s": short(run.batches / run.seconds),
    "fold lag p95 · most, s": `${short(run.lagP95Ms / 1_000)} · ${short(run.lagMostMs / 1_000)}`,
    "answer p99, ms": short(run.answerP99Ms, 0),
    "pages p95, ms": short(run.pageP95Ms, 0),
    "web, ms a batch": cpu("web"),
    "worker, ms a batch": cpu("worker"),
    "postgres, ms a batch": cpu("postgres"),
    "WAL kB a batch": short(run.walBytes / 1_000),
    "body kB a batch": short(run.bodyBytes / 1_000),
  };
}
