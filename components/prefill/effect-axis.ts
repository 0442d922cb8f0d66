/** The axis of the effect's picture: shares, zero among its ticks. */
export interface EffectAxis {
  from: number;
  to: number;
  ticks: number[];
}

/** All go into 1 without a rest: no share changes by more. */
const STEPS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5];
/** About so many steps, and at least one on either side of zero. */
const MOST_STEPS = 6;

/** An axis that holds a low and a high change and zero, in round steps, with room on either side of zero. */
export function effectAxis(low: number, high: number): EffectAxis {
  const wanted = Math.max(0.01, Math.max(0, high) - Math.min(0, low));
  const step = STEPS.find((one) => wanted / one <= MOST_STEPS) ?? 0.5;
  const first = Math.max(-1 / step, Math.min(-1, Math.floor(low / step + 1e-9)));
  const last = Math.min(1 / step, Math.max(1, Math.ceil(high / step - 1e-9)));
  const ticks = Array.from({ length: last - first + 1 }, (_, at) => Number(((first + at) * step).toFixed(4)) || 0);
  return { from: ticks[0]!, to: ticks.at(-1)!, ticks };
}
