import type { Goal } from "./draft";

export const GOAL_NAMES: Record<Goal, string> = {
  slo: "fewest over the target",
  p99: "lowest p99",
};
