import type { PrefillFrontierPoint } from "@/lib/query/prefill-answers";

/** What a budget buys, read off the frontier. */
export type Bought = Omit<PrefillFrontierPoint, "fillSecondsPerHour">;

/** The frontier at a budget, between its points in proportion; its last point beyond. `null` without points. */
export function frontierAt(frontier: readonly PrefillFrontierPoint[], budget: number): Bought | null {
  const after = frontier.findIndex((point) => point.fillSecondsPerHour >= budget);
  const next = frontier[after] ?? frontier.at(-1);
  if (next === undefined) return null;
  const before = frontier[after - 1];
  if (after <= 0 || before === undefined) return next;
  const width = next.fillSecondsPerHour - before.fillSecondsPerHour;
  const part = width === 0 ? 1 : (budget - before.fillSecondsPerHour) / width;
  const mix = (a: number | null, b: number | null) => (a === null || b === null ? null : a + (b - a) * part);
  return {
    p99Us: mix(before.p99Us, next.p99Us)!,
    p99LowUs: mix(before.p99LowUs, next.p99LowUs),
    p99HighUs: mix(before.p99HighUs, next.p99HighUs),
    missesAvoidedPerDay: mix(before.missesAvoidedPerDay, next.missesAvoidedPerDay),
  };
}

/** From where on the curve is as good as flat: so much of the whole fall is behind it. */
const FLAT = 0.97;

/**
 * Up to which budget the chart reaches: past where the p99 stops falling, and past the budgets that have to be on it. At least 1 s an hour.
 */
export function farthestBudget(frontier: readonly PrefillFrontierPoint[], budgets: readonly number[]): number {
  const first = frontier[0];
  const last = frontier.at(-1);
  if (first === undefined || last === undefined) return rounded(Math.max(1, ...budgets.map((budget) => budget * 1.25)));
  const flat = first.p99Us - (first.p99Us - last.p99Us) * FLAT;
  const knee = frontier.find(({ p99Us }) => p99Us <= flat)?.fillSecondsPerHour ?? last.fillSecondsPerHour;
  const wanted = Math.min(knee * 1.3, last.fillSecondsPerHour);
  return rounded(Math.max(1, wanted, ...budgets.map((budget) => budget * 1.1)));
}

/** Up to a whole step of the handle. */
function rounded(farthest: number): number {
  const step = budgetStep(farthest);
  return Number((Math.ceil(farthest / step - 1e-9) * step).toPrecision(6));
}

/** A step of the handle: about a hundredth of the chart, in a round figure. */
export function budgetStep(farthest: number): number {
  const wanted = farthest / 100;
  const power = 10 ** Math.floor(Math.log10(wanted));
  return power * ([1, 2, 5].findLast((n) => n * power <= wanted * 1.0001) ?? 1);
}

/** A budget at a step of the handle, within the chart. */
export function stepped(budget: number, { step, farthest }: { step: number; farthest: number }): number {
  if (budget >= farthest) return Number(farthest.toPrecision(6));
  const at = Math.round(Math.max(0, budget) / step) * step;
  return Number(Math.min(farthest, at).toPrecision(6));
}

/** Where a key moves the handle; `null` for any other key. */
export function budgetAfterKey(key: string, budget: number, scale: { step: number; farthest: number }): number | null {
  const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[key];
  if (by !== undefined) return stepped(budget + by * scale.step, scale);
  if (key === "Home") return 0;
  return key === "End" ? stepped(scale.farthest, scale) : null;
}
