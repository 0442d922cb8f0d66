import type { Tier } from "../store/tiers.ts";
import type { AskedRange } from "./time.ts";

/** All times here are Unix seconds. Nothing here asks the clock or the database. */
export interface Span {
  fromSeconds: number;
  toSeconds: number;
}

/** A stretch that is read as one tier has it: that tier's rows, and what finer tiers have not rolled up yet. */
export interface Segment extends Span {
  /** Place in the list of tiers. */
  tier: number;
}

/** Steps that a series may have when the question names none. Each tier's window divides those above it. */
const STEPS = [
  10, 20, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
];
/** A series has at most so many steps by itself, */
const POINTS = 300;
/** and so many when the question names the step. */
export const MOST_POINTS = 5_000;

const floorTo = (value: number, width: number): number => Math.floor(value / width) * width;
const ceilTo = (value: number, width: number): number => Math.ceil(value / width) * width;

/**
 * From when on a tier can be relied on: what is older may be gone. It is a multiple of the next tier's window, so that
 * the stretch before it can be read there.
 */
export function keptFrom(tiers: readonly Tier[], tier: number, nowSeconds: number): number {
  const next = tiers[tier + 1] ?? tiers[tier]!;
  return floorTo(nowSeconds - tiers[tier]!.keptSeconds, next.windowSeconds);
}

/** The finest tier that still has a moment; `null` when it is older than everything kept. */
export function finestTierAt(tiers: readonly Tier[], seconds: number, nowSeconds: number): number | null {
  const tier = tiers.findIndex((_, index) => seconds >= keptFrom(tiers, index, nowSeconds));
  return tier < 0 ? null : tier;
}

/**
 * The range that is really read: the one asked for, outwards to the windows of the finest tier that its ends still
 * have, and cut where nothing is kept any more. `null`: all of it is older than what is kept ("expired").
 */
export function align(asked: Span, tiers: readonly Tier[], nowSeconds: number): Span | null {
  const oldest = keptFrom(tiers, tiers.length - 1, nowSeconds);
  if (asked.toSeconds <= oldest) return null;
  const from = Math.max(asked.fromSeconds, oldest);
  const fromTier = finestTierAt(tiers, from, nowSeconds) ?? tiers.length - 1;
  // The moment just before the end decides how finely the end can be cut.
  const toTier = tiers.findIndex((_, index) => asked.toSeconds > keptFrom(tiers, index, nowSeconds));
  return {
    fromSeconds: floorTo(from, tiers[fromTier]!.windowSeconds),
    toSeconds: ceilTo(asked.toSeconds, tiers[toTier]!.windowSeconds),
  };
}

/**
 * Cuts an aligned range into stretches: the widest tier within, finer ones at its edges. Only tiers are used whose
 * window fits into `stepSeconds` (a series needs windows that do not cross its steps).
 */
export function segmentsOf(range: Span, tiers: readonly Tier[], stepSeconds = Infinity): Segment[] {
  const fits = (tier: Tier) => stepSeconds === Infinity || stepSeconds % tier.windowSeconds === 0;
  const widest = tiers.findLastIndex(fits);
  return cover(range, tiers, Math.max(widest, 0));
}

/** Longer ranges begin at a multiple of two minutes at least: whoever asks again some seconds later asks for the same. */
const BEGINS_ANEW_UP_TO = 7 * 3_600;

/**
 * Up to where a range is settled: late batches apart, it changes no more, and it will be asked for again. That is its last full
 * hour; nothing of a range so short that it begins elsewhere each time.
 */
export function settledBefore({ fromSeconds, toSeconds }: Span, nowSeconds: number): number {
  if (toSeconds - fromSeconds <= BEGINS_ANEW_UP_TO) return -Infinity;
  return floorTo(Math.min(toSeconds, nowSeconds), 3_600);
}

/** The same stretches, of which none crosses a moment, a whole window of each. */
export function cutAt(segments: readonly Segment[], seconds: number): Segment[] {
  return segments.flatMap((one) =>
    one.fromSeconds < seconds && seconds < one.toSeconds
      ? [
          { ...one, toSeconds: seconds },
          { ...one, fromSeconds: seconds },
        ]
      : [one],
  );
}

function cover(range: Span, tiers: readonly Tier[], tier: number): Segment[] {
  const { fromSeconds, toSeconds } = range;
  if (fromSeconds >= toSeconds) return [];
  if (tier === 0) return [{ tier, fromSeconds, toSeconds }];
  const { windowSeconds } = tiers[tier]!;
  const inner = { fromSeconds: ceilTo(fromSeconds, windowSeconds), toSeconds: floorTo(toSeconds, windowSeconds) };
  if (inner.fromSeconds >= inner.toSeconds) return cover(range, tiers, tier - 1);
  return [
    ...cover({ fromSeconds, toSeconds: inner.fromSeconds }, tiers, tier - 1),
    { tier, ...inner },
    ...cover({ fromSeconds: inner.toSeconds, toSeconds }, tiers, tier - 1),
  ];
}

/** The step that makes a series of about 60 to 300 points of a range that long. */
export function automaticStep(rangeSeconds: number, points = POINTS): number {
  return STEPS.find((step) => rangeSeconds / step <= points) ?? ceilTo(rangeSeconds / points, 604_800);
}

/**
 * The step of a series over an aligned range: the one asked for or an automatic one, rounded up to a multiple of the
 * widest window that the range needs at its start.
 */
export function stepOf(range: Span, tiers: readonly Tier[], wish: StepWish): number {
  const tier = finestTierAt(tiers, range.fromSeconds, wish.nowSeconds) ?? tiers.length - 1;
  const wanted = wish.stepSeconds ?? automaticStep(range.toSeconds - range.fromSeconds, wish.points);
  return ceilTo(wanted, tiers[tier]!.windowSeconds);
}

export interface StepWish {
  nowSeconds: number;
  /** The step that the question names. */
  stepSeconds?: number | undefined;
  /** At most so many points when it names none. */
  points?: number;
}

/** The steps of a series: multiples of the step that cover the range. The first and the last may lie partly outside. */
export interface Steps {
  stepSeconds: number;
  firstSeconds: number;
  count: number;
}

export function stepsOf(range: Span, stepSeconds: number): Steps {
  const firstSeconds = floorTo(range.fromSeconds, stepSeconds);
  return { stepSeconds, firstSeconds, count: Math.ceil((range.toSeconds - firstSeconds) / stepSeconds) };
}

/**
 * A range that moves with the clock starts at a whole step, so that the first point of its series is not a part of
 * one. The rule depends on the range's length alone: all answers about one question read the same range.
 */
export function widen(asked: AskedRange): Span {
  const { fromSeconds, toSeconds } = asked;
  if (!asked.movesWithClock) return { fromSeconds, toSeconds };
  return { fromSeconds: floorTo(fromSeconds, automaticStep(toSeconds - fromSeconds)), toSeconds };
}

export type Compare = "before" | "day" | "week";

/** The range to compare with: as long, right before (moved by whole steps), or the same time a day or a week before. */
export function rangeBefore(range: Span, compare: Compare, stepSeconds: number): Span {
  const shift = {
    before: ceilTo(range.toSeconds - range.fromSeconds, stepSeconds),
    day: 86_400,
    week: 604_800,
  }[compare];
  return { fromSeconds: range.fromSeconds - shift, toSeconds: range.toSeconds - shift };
}
