import { timeOfId } from "../../store/prefill-decisions.ts";
import { outOfTime } from "../entry.ts";
import type { Taking } from "./take-insight.ts";

/** The entries whose time, which their id says, is of these days; the others are rejected. */
export function timely<Entry extends { path: string; entry: { id: string } }>(
  section: readonly Entry[],
  { nowMs, rejected }: Pick<Taking, "nowMs" | "rejected">,
): Entry[] {
  return section.filter(({ path, entry }) => {
    const reason = outOfTime(timeOfId(entry.id), nowMs);
    if (reason !== undefined) rejected.push({ path, reason: `id: ${reason}` });
    return reason === undefined;
  });
}
