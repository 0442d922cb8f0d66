import { smoothed, smoothing, type Smoothing } from "./smooth.ts";
import type { Judged, Survey } from "./survey.ts";
import type { Thresholds } from "./thresholds.ts";
import { shrunk } from "./value.ts";

/** How a definition's misses are read: how far a sample stands for its neighbourhood, and how many pseudo-counts the definition has. */
export interface Reading {
  smoothing: Smoothing;
  pseudo: number;
}

const WIDTHS = [0.03, 0.1, 0.18, 0.3];
const PSEUDO_COUNTS = [0.25, 0.5, 1, 2, 4, 8];
/** Users and thresholds that a reading is tried on. */
const MOST_TRIED = 400;
const STEPS_TRIED = 8;
/** A user counts for at most so many samples. */
const MOST_SAMPLES = 8;
/** With fewer users than this, the first guess stays. */
const FEWEST_TRIED = 20;

export function smoothings(thresholds: Thresholds): Smoothing[] {
  return WIDTHS.map((width) => smoothing(thresholds, width));
}

/** Before anything is fitted. */
export function firstReading(widths: readonly Smoothing[]): Reading {
  return { smoothing: widths[2]!, pseudo: 1 };
}

/**
 * The reading by which misses of even days tell most about those of odd days, over users with both: the highest likelihood of what
 * was really seen.
 */
export function fitReading(survey: Survey, definition: number, widths: readonly Smoothing[]): Reading {
  const tried = triedOf(survey, definition);
  let best = firstReading(widths);
  if (tried.length < FEWEST_TRIED) return best;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (const each of widths)
    for (const pseudo of PSEUDO_COUNTS) {
      const reading = { smoothing: each, pseudo };
      const score = scoreOf(survey, survey.definitions[definition]!, tried, reading);
      if (score <= bestScore) continue;
      bestScore = score;
      best = reading;
    }
  return best;
}

/** Candidates of the definition with misses on even and on odd days, evenly taken from all. */
function triedOf({ candidates }: Survey, definition: number): number[] {
  const able: number[] = [];
  for (let at = 0; at < candidates.size; at++)
    if (candidates.definition[at] === definition && candidates.even[at]! > 0 && candidates.odd[at]! > 0) able.push(at);
  const stride = Math.max(1, Math.floor(able.length / MOST_TRIED));
  return able.filter((_, at) => at % stride === 0);
}

function scoreOf(survey: Survey, judged: Judged, tried: readonly number[], reading: Reading): number {
  const { candidates, thresholds } = survey;
  const steps = thresholds.us.length;
  let score = 0;
  for (const at of tried) {
    const even = candidates.even[at]!;
    const odd = candidates.odd[at]!;
    const weight = Math.min(1, MOST_SAMPLES / odd);
    for (let step = 0; step < steps; step += Math.max(1, Math.floor(steps / STEPS_TRIED))) {
      const over = smoothed(reading.smoothing, candidates.overEven, at * steps, step);
      const share = shrunk(over, even, judged.missTail[step]!, reading.pseudo);
      const seen = candidates.overOdd[at * steps + step]!;
      score += weight * (seen * Math.log(clamped(share)) + (odd - seen) * Math.log(1 - clamped(share)));
    }
  }
  return score;
}

function clamped(share: number): number {
  return Math.min(1 - 1e-4, Math.max(1e-4, share));
}
