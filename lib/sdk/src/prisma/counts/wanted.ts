import type { Count, CountDefaults, CountOptions } from "../../counts/count.ts";

/** A count that was asked for and is on its way through Prisma, to where its statement is known. */
export interface WantedCount {
  /** What it is known by on its way: the number of rows that Prisma is told to skip. */
  readonly skip: number;
  /** Over the client's own. */
  readonly options: CountOptions & CountDefaults;
  /** Whether only a number can be answered, so that it has to be one to go by. */
  readonly asNumber: boolean;
  /** Whether its statement came by. */
  isTaken: boolean;
  count: Count | undefined;
}

interface Wanted {
  next: number;
  bySkip: Map<string, WantedCount>;
}

/** More than anybody skips, and Prisma's limit is 32 bits. Each is used once in a long while, so that nothing late is taken for another. */
const FIRST = 1_000_000_000;
const LAST = 2_000_000_000;

/** `Symbol.for`, for the two copies of this package. */
const WANTED = Symbol.for("@tailfill/sdk wanted counts 1");
const holder = globalThis as typeof globalThis & { [WANTED]?: Wanted };
const wanted: Wanted = (holder[WANTED] ??= { next: FIRST, bySkip: new Map() });

/**
 * Runs what asks Prisma for a count that skips `skip` rows. The mark goes with the arguments: Prisma runs batches of several callers in
 * the asynchronous context of the first, and extensions may count something else on the way.
 */
export async function wanting<Answer>(
  about: Pick<WantedCount, "options" | "asNumber">,
  ask: (skip: number) => PromiseLike<Answer>,
): Promise<{ answer: Answer; wanted: WantedCount }> {
  const skip = wanted.next;
  wanted.next = skip < LAST ? skip + 1 : FIRST;
  const one: WantedCount = { ...about, skip, isTaken: false, count: undefined };
  wanted.bySkip.set(String(skip), one);
  try {
    return { answer: await ask(skip), wanted: one };
  } finally {
    wanted.bySkip.delete(String(skip));
  }
}

/** The count that is on its way with this number of rows to skip. */
export function wantedBy(skip: unknown): WantedCount | undefined {
  return wanted.bySkip.size === 0 ? undefined : wanted.bySkip.get(String(skip));
}
