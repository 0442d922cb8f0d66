import { TailfillError } from "../errors.ts";
import { closeDb } from "../store/db.ts";
import { isDatabaseDown } from "../store/failure.ts";
import type { ChildAnswer } from "./ask-child.ts";

/** In a child of `askChild`: sends what the work gives, or how it failed, and ends the process. */
export async function answerOnce<T>(work: () => Promise<T>): Promise<void> {
  process.on("SIGINT", () => undefined); // Ctrl-C is the parent's business
  process.on("disconnect", () => process.exit(1)); // the parent is gone
  const answer = await work().then((value) => ({ value }), failed);
  await closeDb();
  process.send?.(answer, () => process.exit(0));
}

function failed(error: unknown): ChildAnswer<never> {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof TailfillError) return { error: { code: error.code, message } };
  return { error: { code: isDatabaseDown(error) ? "database_unavailable" : "internal", message } };
}
