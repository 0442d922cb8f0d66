const NBSP = "\u00a0";
const STEPS = [
  ["k", 1e3],
  ["M", 1e6],
  ["G", 1e9],
] as const;
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** A count that fits a narrow column: 1,204, 18.3 k, 2.1 M. Exact below 10,000. */
export function formatCount(count: number): string {
  if (Math.round(count) < 10_000) return whole.format(count);
  for (const [unit, size] of STEPS) {
    const figure = short(count / size);
    if (Number(figure) < 1_000 || unit === "G") return `${figure}${NBSP}${unit}`;
  }
  return whole.format(count);
}

/** Every digit: 252,339. */
export function formatCountExactly(count: number): string {
  return whole.format(count);
}

/** "1 request", "18,304 requests". */
export function formatRequests(count: number): string {
  return `${whole.format(count)} ${count === 1 ? "request" : "requests"}`;
}

/** Requests a second in three digits: 0.012, 1.20, 23.4, 1,204. */
export function formatRate(perSecond: number): string {
  if (perSecond === 0) return "0";
  if (perSecond >= 999.5) return formatCount(perSecond);
  return perSecond < 0.01 ? perSecond.toPrecision(2) : perSecond.toPrecision(3);
}

/** Storage in binary units: 812 B, 1.4 KiB, 18.0 MiB. */
export function formatBytes(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = bytes;
  let step = 0;
  while (value >= 1_023.95 && step < units.length - 1) {
    value /= 1_024;
    step += 1;
  }
  return `${step === 0 ? value : value.toFixed(1)}${NBSP}${units[step]}`;
}

function short(value: number): string {
  return value < 99.95 ? value.toFixed(1) : value.toFixed(0);
}
