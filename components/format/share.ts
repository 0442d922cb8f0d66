const NBSP = "\u00a0";

/**
 * A part of a whole in as many digits as tell something: 0.21 %, 1.9 %, 38 %, 99.4 %.
 * Only exactly nothing is "0 %", only exactly all is "100 %".
 * @param part 0 to 1
 */
export function formatShare(part: number): string {
  const { figure, unit } = shareParts(part);
  return `${figure}${NBSP}${unit}`;
}

export function shareParts(part: number): { figure: string; unit: string } {
  return { figure: figureOf(part * 100), unit: "%" };
}

function figureOf(percent: number): string {
  if (percent === 0 || percent === 100) return String(percent);
  if (percent < 0.01) return "< 0.01";
  if (percent < 0.995) return percent.toFixed(2);
  if (percent < 9.95) return percent.toFixed(1);
  if (percent < 89.5) return percent.toFixed(0);
  return percent > 99.9 ? "> 99.9" : percent.toFixed(1);
}
