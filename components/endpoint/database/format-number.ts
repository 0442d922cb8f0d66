import { formatCount } from "@/components/format/count";

/** A mean of whole numbers: < 0.01, 0.25, 3.4, 12, 1,204. */
export function formatNumber(value: number): string {
  if (Number.isInteger(value) || value >= 9.95) return formatCount(value);
  if (value < 0.005) return "< 0.01";
  return value < 0.995 ? value.toFixed(2) : value.toFixed(1);
}
