import { AsyncLocalStorage } from "node:async_hooks";
import type { Count, CountDefaults, CountOptions } from "../../counts/count.ts";

/** A count that was asked for and is on its way through Prisma, to where its statement is known. */
export interface WantedCount {
  /** Prisma's name of the model, or the client's, which begins with a small letter. */
  model: string;
  /** Over the client's own. */
  options: CountOptions & CountDefaults;
  /** Whether only a number can be answered, so that it has to be one to go by. */
  asNumber: boolean;
  /** Whether its statement has come by. */
  taken: boolean;
  count: Count | undefined;
}

/** `Symbol.for`, for the two copies of this package. */
const WANTED = Symbol.for("@tailfill/sdk wanted count 1");
const holder = globalThis as typeof globalThis & { [WANTED]?: AsyncLocalStorage<WantedCount> };

/** Runs what asks Prisma for this count. Made with the first one: from then on, every promise of the process costs a little more. */
export function wanting<Result>(wanted: WantedCount, ask: () => Promise<Result>): Promise<Result> {
  holder[WANTED] ??= new AsyncLocalStorage();
  return holder[WANTED].run(wanted, ask);
}

export function newWanted(about: Pick<WantedCount, "model" | "options" | "asNumber">): WantedCount {
  return { ...about, taken: false, count: undefined };
}

/** The count that what runs now is a part of, for a model. */
export function wantedOf(model: string): WantedCount | undefined {
  const wanted = holder[WANTED]?.getStore();
  return wanted !== undefined && !wanted.taken && isSame(wanted.model, model) ? wanted : undefined;
}

/**
 * The count that a statement is for. An extension may count something else on the way: what is known to be of another
 * model stays as it is.
 * @param op model and action, as `User.aggregate`, if known
 */
export function takeWanted(op: string | undefined): WantedCount | undefined {
  const wanted = holder[WANTED]?.getStore();
  if (wanted === undefined || wanted.taken) return undefined;
  return op === undefined || isSame(wanted.model, op.slice(0, op.indexOf("."))) ? wanted : undefined;
}

function isSame(one: string, other: string): boolean {
  return one.slice(1) === other.slice(1) && one[0]?.toLowerCase() === other[0]?.toLowerCase();
}
