import type { Count } from "./count.ts";

const STEPS = [
  [1e12, " T"],
  [1e9, " B"],
  [1e6, " M"],
  [1e3, " k"],
] as const;

/**
 * A count in words: `1,234` when it is exact, `about 1.2 M` for an estimate, `10,000+` for one of which only the least is known.
 * Two digits of an estimate are shown: it is no better than that.
 */
export function about({ value, kind }: Pick<Count, "value" | "kind">): string {
  if (kind === "exact") return grouped(value);
  if (kind === "estimate") return `about ${twoDigits(value)}`;
  return value === 0 ? "unknown" : `${grouped(roundedDown(value))}+`;
}

function grouped(value: number): string {
  return String(value).replaceAll(/\B(?=(\d{3})+$)/g, ",");
}

function twoDigits(value: number): string {
  const rounded = Number(value.toPrecision(2));
  const [step, name] = STEPS.find(([least]) => rounded >= least) ?? [1, ""];
  return `${Number((rounded / step).toPrecision(2))}${name}`;
}

/** 10,001 that were seen are `10,000+`. */
function roundedDown(value: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return Math.floor(value / unit) * unit;
}
