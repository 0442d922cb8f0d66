import { fingerprintOf } from "../database/known-fingerprints.ts";
import type { Count, CountKind, CountReason, CountSettings } from "./count.ts";
import { type CountingDatabase, FACTS } from "./database.ts";
import { type Facts, hasDoubts, mayCorrelate, needsFacts } from "./doubt.ts";
import { countAll, countUpTo, countWithin, type Counted } from "./exact.ts";
import { tellCount } from "./listeners.ts";
import { type Plan, readPlan } from "./plan.ts";
import type { Shape, Shapes } from "./shapes.ts";

/** What one count is made with. */
export interface Counting {
  database: CountingDatabase;
  /** The statement whose rows are counted. */
  rows: string;
  settings: CountSettings;
  shapes: Shapes;
  nowMs: () => number;
}

/** What a count came to, before it is dated. */
interface Found {
  value: number;
  kind: CountKind;
  because: CountReason;
  shape?: Shape;
  qError?: number;
}

/** Beyond this factor at the 95th percentile, estimates of a shape are no longer answered. */
const WORST_P95 = 2;
/** A shape that is in doubt is trusted after so many comparisons. */
const CHECKS_TO_TRUST = 3;

/**
 * Counts rows: exactly where they are few, by the planner's estimate where they are many and such estimates are known to be
 * good, else exactly within the budget, or at least as many as were seen. Rejects with the database's error.
 */
export async function approximate(counting: Counting): Promise<Count> {
  const { settings, rows, nowMs } = counting;
  const startMs = performance.now();
  const { shape, qError, ...found } = await find(counting);
  const atMs = nowMs();
  const qErrorP95 = settings.approximate ? (shape?.known(atMs).qErrorP95 ?? null) : null;
  const count: Count = { ...found, asOf: new Date(atMs).toISOString(), qErrorP95 };
  tellCount(count, { shape: fingerprintOf(rows, "postgresql"), ms: performance.now() - startMs, qError });
  return count;
}

async function find(counting: Counting): Promise<Found> {
  const { database, rows, settings, shapes } = counting;
  if (!settings.approximate) return foundExactly(counting, "off");
  const plan = await planOf(database, rows);
  if (plan?.countable !== true) return foundExactly(counting, "unsupported");
  const size = plan.rows > settings.threshold ? "large" : "small";
  const shape = shapes.of(fingerprintOf(rows, "postgresql"), size);
  const found = await (size === "small" ? findFew : findMany)(counting, plan, shape);
  return { ...found, shape };
}

/** The planner's answer. Undefined where it is not one that can be read. */
async function planOf(database: CountingDatabase, rows: string): Promise<Plan | undefined> {
  try {
    return readPlan(await database.ask(`EXPLAIN (FORMAT JSON, VERBOSE) ${rows}`));
  } catch (error) {
    // A statement that is wrong fails again when it is counted, and then says so as it would have without us.
    if (database.survivesErrors) return undefined;
    throw error;
  }
}

/** Where nothing is estimated. */
async function foundExactly({ database, rows, settings }: Counting, because: CountReason): Promise<Found> {
  const { threshold, budgetMs } = settings;
  return foundBy(await countWithin(database, rows, { most: threshold, budgetMs }), because);
}

function foundBy(counted: Counted, because: CountReason): Found {
  return "exact" in counted
    ? { value: counted.exact, kind: "exact", because }
    : { value: counted.atLeast, kind: "atLeast", because };
}

async function findFew(counting: Counting, plan: Plan, shape: Shape): Promise<Found> {
  if (isBad(shape, counting)) return learning(await foundExactly(counting, "refused"), counting, plan, shape);
  const counted = await countFew(counting);
  if (counted !== undefined) {
    const found = foundBy(counted, "exact" in counted ? (counting.settings.check ? "checked" : "small") : "capped");
    return learning(found, counting, plan, shape);
  }
  const distrust = await distrustOf(counting, plan, shape);
  if (distrust !== undefined) return { value: 0, kind: "atLeast", because: distrust };
  return { value: plan.rows, kind: "estimate", because: "budget" };
}

function countFew({ database, rows, settings }: Counting): Promise<Counted | undefined> {
  const { check, threshold, budgetMs } = settings;
  return check ? countAll(database, rows, budgetMs) : countUpTo(database, rows, { most: threshold, budgetMs });
}

async function findMany(counting: Counting, plan: Plan, shape: Shape): Promise<Found> {
  const distrust = await distrustOf(counting, plan, shape);
  const found = await (distrust === undefined ? findTrusted(counting, plan, shape) : foundExactly(counting, distrust));
  return learning(found, counting, plan, shape);
}

async function findTrusted(counting: Counting, plan: Plan, shape: Shape): Promise<Found> {
  const { check, checkEvery } = counting.settings;
  const estimate: Found = { value: plan.rows, kind: "estimate", because: "large" };
  if (!check && !shape.isDue(checkEvery, mayCorrelate(plan) ? 1 : FIRST_CHECK)) return estimate;
  const counted = await countToCheck(counting, plan);
  if (counted !== undefined) return foundBy(counted, "exact" in counted ? "checked" : "refused");
  shape.putOff(checkEvery);
  return estimate;
}

/** Which estimate of a shape is checked first. */
const FIRST_CHECK = 10;

/**
 * Far fewer rows than there are is what planners are wrong by as a rule, and that is seen as soon as there are too many, long before
 * they are all counted.
 */
function countToCheck({ database, rows, settings }: Counting, plan: Plan): Promise<Counted | undefined> {
  const { check, budgetMs } = settings;
  const most = Math.ceil(plan.rows * WORST_P95 * 1.05);
  return check ? countAll(database, rows, budgetMs) : countUpTo(database, rows, { most, budgetMs });
}

/** What is counted says how far off the estimate was. Of what has no end in sight, it says so only where it was far off already. */
function learning(found: Found, { nowMs }: Counting, plan: Plan, shape: Shape): Found {
  if (found.kind === "estimate") return found;
  if (found.kind === "atLeast" && found.value < plan.rows * WORST_P95) return found;
  return { ...found, qError: shape.note(plan.rows, found.value, nowMs()) };
}

function isBad(shape: Shape, { nowMs }: Counting): boolean {
  return (shape.known(nowMs()).qErrorP95 ?? 1) > WORST_P95;
}

/** Why the estimate is not to be answered; undefined when it may be. */
async function distrustOf(counting: Counting, plan: Plan, shape: Shape): Promise<CountReason | undefined> {
  if (isBad(shape, counting)) return "refused";
  if (shape.known(counting.nowMs()).checks >= CHECKS_TO_TRUST) return undefined;
  const facts = needsFacts(plan) ? await factsOf(counting.database, plan) : NO_FACTS;
  return hasDoubts(plan, facts) ? "unproven" : undefined;
}

const NO_FACTS: Facts = { stale: false, secured: false };

async function factsOf(database: CountingDatabase, { relations }: Plan): Promise<Facts> {
  const sum = Number(await database.askWith(FACTS, JSON.stringify(relations)));
  return { stale: (sum & 1) > 0, secured: (sum & 2) > 0 };
}
