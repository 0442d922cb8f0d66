import type { Work } from "../context.ts";

/** Why a statement was stopped by what the app has asked for. */
export interface Stopped {
  /** `timeout`: it ran for longer than its budget. `abort`: nobody waited for the response any more. */
  by: "timeout" | "abort";
  /** Method and route template, as far as it was known. */
  endpoint: string | undefined;
  /** Milliseconds; undefined when it was no budget. */
  budgetMs: number | undefined;
}

interface Marks {
  /** The driver's own errors, which stay as they are. */
  errors: WeakMap<object, Stopped>;
  /** Where the statement came from whose error it is. */
  endpoints: WeakMap<object, string>;
  /** Of statements that were asked with so little time that it may not do. */
  expected: WeakSet<object>;
  /** Of what Prisma makes another error: what was stopped last in a work. */
  works: WeakMap<Work, Stopped>;
}

/** `Symbol.for`, for the two copies of this package in one process. */
const MARKS = Symbol.for("@tailfill/sdk stopped 2");
const holder = globalThis as typeof globalThis & { [MARKS]?: Marks };
const marks: Marks = (holder[MARKS] ??= {
  errors: new WeakMap(),
  endpoints: new WeakMap(),
  expected: new WeakSet(),
  works: new WeakMap(),
});

export function markStopped(error: object, stopped: Stopped, work: Work | undefined): void {
  marks.errors.set(error, stopped);
  if (work !== undefined) marks.works.set(work, stopped);
}

export function stoppedOf(error: object): Stopped | undefined {
  return marks.errors.get(error);
}

/** What was stopped last in a work, once. */
export function takeStopped(work: Work): Stopped | undefined {
  const stopped = marks.works.get(work);
  marks.works.delete(work);
  return stopped;
}

/** Says where the statement came from that was stopped with this error. */
export function markEndpoint(error: object, endpoint: string): void {
  marks.endpoints.set(error, endpoint);
}

export function endpointOfError(error: object): string | undefined {
  return marks.endpoints.get(error);
}

/** Says that whoever asked reckoned with this error: it is no news. */
export function markExpected(error: object): void {
  marks.expected.add(error);
}

export function isExpected(error: object): boolean {
  return marks.expected.has(error);
}
