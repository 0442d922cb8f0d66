import { describe, expect, test } from "vitest";
import { BUSY, type Constants, demandOf, distinct, fleetFor, type Load, simulate } from "@/bench/capacity-model";
import { LOADS, MEASURED, POSTGRES_MACHINE } from "@/bench/capacity-figures";

const cost: Constants = {
  webBatchUs: 1_000,
  webSeriesUs: 1,
  workerBatchUs: 1_000,
  workerSeriesUs: 2,
  postgresBatchUs: 500,
  postgresSeriesUs: 1,
  walBatchBytes: 1_000,
  walSeriesBytes: 10,
  endpointBytes: 1e6,
  minuteBytes: 10,
  hourBytes: 20,
  dayBytes: 30,
  labelBytes: 100,
};

const small: Load = {
  requestsPerSecond: 1_000,
  instances: 10,
  endpoints: 50,
  endpointsAnInstance: 50,
  usersAnHour: 1_000,
  usersADay: 5_000,
  endpointsAUser: 5,
  sessionShare: 0.1,
};

describe("what a load comes to", () => {
  test("draws see some more than once", () => {
    expect(distinct(100, 0)).toBe(0);
    expect(distinct(0, 10)).toBe(0);
    expect(distinct(1e9, 10)).toBeCloseTo(10, 5);
    expect(distinct(100, 1e6)).toBeCloseTo(100, 5);
  });

  test("grows with batches and series, and hardly with requests of the same users", () => {
    const one = demandOf(small, cost);
    expect(one.batchesPerSecond).toBe(1);
    const tenfold = demandOf({ ...small, requestsPerSecond: 10_000 }, cost);
    expect(tenfold.workerCores / one.workerCores).toBeLessThan(1.5);
    const instances = demandOf({ ...small, instances: 100, requestsPerSecond: 10_000 }, cost);
    expect(instances.workerCores / one.workerCores).toBeCloseTo(10, 5);
    expect(instances.diskBytes / one.diskBytes).toBeLessThan(1.5);
  });

  test("no window keeps more users than the cap, and no batch more series", () => {
    const most = { ...small, usersAnHour: 1e9, usersADay: 1e9, requestsPerSecond: 1e9 };
    const { seriesABatch, diskBytes } = demandOf(most, { ...cost, labelBytes: 0 });
    expect(seriesABatch).toBe(10_050);
    const capped = 10_000 * (10 * 3.5 * 1_440 + 20 * 36.5 * 24 + 30 * 417);
    expect(diskBytes).toBeCloseTo(50 * (1e6 + capped), -3);
  });

  test("takes machines by what is scarce", () => {
    const demand = demandOf(small, cost);
    const roomy = { cores: 8, walBytesPerSecond: 1e8, diskBytes: 1e12 };
    expect(fleetFor(demand, roomy)).toEqual({ webProcesses: 1, workerProcesses: 1, postgresMachines: 1 });
    expect(fleetFor({ ...demand, diskBytes: 3e12 }, roomy).postgresMachines).toBe(5);
    expect(fleetFor({ ...demand, postgresCores: 10 }, roomy).postgresMachines).toBe(3);
    expect(fleetFor({ ...demand, webCores: 1.3, workerCores: 0.61 }, roomy)).toMatchObject({
      webProcesses: 3,
      workerProcesses: 2,
    });
  });
});

describe("a fleet that is played", () => {
  test("keeps up where it is said to, and falls behind with too few", () => {
    const load = { ...small, instances: 4_000, requestsPerSecond: 400_000, usersAnHour: 1e7 };
    const demand = demandOf(load, cost);
    const fleet = fleetFor(demand, { cores: 8, walBytesPerSecond: 1e9, diskBytes: 1e15 });
    const enough = simulate(load, fleet, cost, { seconds: 120 });
    expect(enough.workerBusy).toBeCloseTo(demand.workerCores / fleet.workerProcesses, 1);
    expect(enough.lagP95Ms).toBeLessThan(15_000);
    const few = { ...fleet, workerProcesses: Math.max(1, Math.floor(demand.workerCores * 0.8)) };
    expect(simulate(load, few, cost, { seconds: 240 }).lagP95Ms).toBeGreaterThan(15_000);
  });

  test("is the same for the same seed", () => {
    const fleet = { webProcesses: 1, workerProcesses: 1, postgresMachines: 1 };
    const run = () => simulate(small, fleet, cost, { seconds: 60, seed: 3 });
    expect(run()).toEqual(run());
  });
});

/** The loads of docs/scaling.md, with what was measured. */
describe.each(LOADS)("$name", ({ load }) => {
  const demand = demandOf(load, MEASURED);
  const fleet = fleetFor(demand, POSTGRES_MACHINE);

  test("is borne by the fleet that is named", () => {
    const played = simulate(load, fleet, MEASURED, { seconds: 120 });
    expect(played.lagP95Ms).toBeLessThanOrEqual(15_000);
    expect(Math.max(played.webBusy, played.workerBusy)).toBeLessThanOrEqual(BUSY + 0.01);
  });
});
