import { lossUnitOf } from "../wire/index.ts";
import type { LossCount } from "./answers.ts";

/** Losses added up by reason, most first. */
export function sumByReason(losses: readonly Omit<LossCount, "unit">[]): LossCount[] {
  const byReason = new Map<string, number>();
  for (const { reason, count } of losses) byReason.set(reason, (byReason.get(reason) ?? 0) + count);
  return [...byReason]
    .map(([reason, count]) => ({ reason, count, unit: lossUnitOf(reason) }))
    .sort((a, b) => b.count - a.count);
}
