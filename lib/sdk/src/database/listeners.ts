import type { Outcome } from "../../../wire/index.ts";
import { insideOf } from "../client-inside.ts";
import { workUnderWay, type Work } from "../context.ts";
import { addRepeats } from "../repeats/process-repeats.ts";
import type { Asker } from "./asker.ts";
import { noStatements, type Statements } from "./counts.ts";
import { anyTapped } from "./tapped.ts";

/** A request, or a job, that is over, and what it asked of its databases. */
export interface EndedRequest {
  /** The HTTP method, or `JOB`. */
  method: string;
  route: string;
  outcome: Outcome;
  latencyUs: number;
  statements: Statements;
}

export type StatementsListener = (request: EndedRequest) => void;

/** `Symbol.for`, so that the ESM and the CommonJS copy of this package have the same listeners. */
const LISTENERS = Symbol.for("@tailfill/sdk statement listeners 1");
const holder = globalThis as typeof globalThis & { [LISTENERS]?: Set<StatementsListener> };
const listeners = (holder[LISTENERS] ??= new Set());

/**
 * Tells of every request that is counted, when it is over, what it asked of its databases:
 * `onStatements(({ method, route, latencyUs, statements }) => log.info(…))`. Gives a function that ends it. Called at the
 * request's end, so it must be quick; what it throws goes to `onError`.
 */
export function onStatements(listener: StatementsListener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** What the request or job under way asked of its databases by now; undefined outside of one. */
export function statementsOf(): Statements | undefined {
  const work = workUnderWay();
  return work === undefined ? undefined : statementsSoFar(work);
}

export function statementsSoFar({ statements }: Work): Statements {
  return statements?.summary(performance.now()) ?? noStatements();
}

/** Tells the server, and all listeners. Never throws. */
export function tellStatements(work: Work, request: Omit<EndedRequest, "statements">, asker: Asker): void {
  addRepeats(work, request);
  if (anyTapped()) recordStatements(work, request, asker);
  for (const listener of listeners) {
    try {
      listener({ ...request, statements: statementsSoFar(work) });
    } catch (error) {
      work.client?.report(error);
    }
  }
}

function recordStatements({ client, statements }: Work, request: Omit<EndedRequest, "statements">, asker: Asker): void {
  try {
    if (client !== undefined) insideOf(client)?.statements.add(request, statements, asker);
  } catch (error) {
    client?.report(error);
  }
}
