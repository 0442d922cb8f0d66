import { saveStatements } from "../../store/insight-statements.ts";
import type { ReadSection } from "./read-insight.ts";
import type { Taking } from "./take-insight.ts";

/** Keeps what statements are. Returns how many entries were taken. */
export async function takeStatements(
  section: ReadSection<"statements">,
  { db, scope, nowMs }: Taking,
): Promise<number> {
  const byId = new Map(section.map(({ entry }) => [entry.id, entry]));
  await saveStatements(db, scope.serviceId, { statements: [...byId.values()], atMs: nowMs });
  return section.length;
}
