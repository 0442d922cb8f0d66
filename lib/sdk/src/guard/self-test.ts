import type { GuardDatabase } from "./database.ts";

/** Looks until a statement of the guard's own is seen, and cancels it, or it is over; a look takes about a millisecond. */
export async function cancelOnceSeen(
  database: GuardDatabase,
  pid: number,
  statement: string,
  ended: Promise<unknown>,
): Promise<void> {
  let isOver = false;
  void ended.then(() => (isOver = true));
  while (!isOver) {
    const found = (await database.activity(0)).find((session) => session.pid === pid && session.text === statement);
    if (found !== undefined && (await database.signal("cancel", found))) return;
  }
}
