import { workUnderWay, type Work } from "../context.ts";
import { commented } from "./comment.ts";
import { StatementCounts } from "./counts.ts";
import type { Dialect } from "./fingerprint.ts";
import { fingerprintOf } from "./known-fingerprints.ts";
import { stopIn, type Stop } from "./stop-codes.ts";
import { markEndpoint } from "./stopped.ts";
import { RepeatRun } from "../repeats/repeat-run.ts";
import type { Asked } from "../repeats/request-repeats.ts";

/** A statement on its way, for the work that it is a part of, and for what that is a part of. */
export class Running {
  readonly #counts: StatementCounts;
  readonly #counted: ReturnType<StatementCounts["begin"]>;
  readonly #startMs: number;
  readonly #around: Running | undefined;
  readonly #repeat: RepeatRun | undefined;
  readonly #work: Work;
  /** Of the connection that it runs on, where the driver tells. */
  pid: number | undefined;
  #over = false;

  // oxlint-disable-next-line max-params -- called for every statement: an object would be garbage each time
  constructor(work: Work, fingerprint: string, startMs: number, around: Running | undefined, repeat?: RepeatRun) {
    const counts = (work.statements ??= new StatementCounts());
    this.#work = work;
    this.#counts = counts;
    this.#counted = counts.begin(fingerprint, startMs);
    this.#startMs = startMs;
    this.#around = around;
    this.#repeat = repeat;
  }

  /** It is answered. What is said a second time is dropped. */
  end(rows: number, failed = false): void {
    this.#end(performance.now(), rows, failed);
  }

  /** It has failed: the database refused it, or it was stopped, or the connection is gone. Never throws. */
  fail(error: unknown, rows = 0): void {
    const atMs = performance.now();
    const stop = this.#over ? undefined : stopIn(error);
    if (stop !== undefined) this.#note(stop, error as object, atMs);
    this.#end(atMs, rows, true);
  }

  #note(stop: Stop, error: object, atMs: number): void {
    const endpoint = stop.endpoint ?? stop.stopped?.endpoint ?? endpointAtEnd(this.#work);
    if (endpoint !== undefined) markEndpoint(error, endpoint);
    const durationUs = Math.round((atMs - this.#startMs) * 1_000);
    const { fingerprint } = this.#counted;
    this.#counts.stopped({ ...stop, endpoint, fingerprint, durationUs, pid: this.pid, error });
  }

  #end(atMs: number, rows: number, failed: boolean): void {
    if (this.#over) return;
    this.#over = true;
    this.#counts.end(this.#counted, this.#startMs, atMs, rows, failed);
    this.#repeat?.end(atMs, rows, failed);
    if (this.#around !== undefined) this.#around.#end(atMs, rows, failed);
  }
}

/** A statement is handed to the driver now. Undefined where no work is under way. Never throws. */
export function beginStatement(
  text: string,
  dialect: Dialect,
  op?: string,
  parameters?: readonly unknown[],
): Running | undefined {
  const work = workUnderWay();
  if (work === undefined) return undefined;
  try {
    return running(work, fingerprintOf(text, dialect), performance.now(), { text, op, parameters });
  } catch (error) {
    work.client?.report(error);
    return undefined;
  }
}

// oxlint-disable-next-line max-params -- as above
function running(work: Work | undefined, fingerprint: string, startMs: number, asked: Asked): Running | undefined {
  if (work === undefined) return undefined;
  const around = running(work.around, fingerprint, startMs, asked);
  if (!work.open) return around;
  const repeat = work.holdsRequests ? undefined : RepeatRun.begin(work, fingerprint, asked, startMs);
  return new Running(work, fingerprint, startMs, around, repeat);
}

/** The statement with where it comes from in front of it, as far as that is known. Never throws. */
export function attributed(text: string, op?: string): string {
  return commented(text, endpointOf(workUnderWay()), op);
}

/** Of work that is open: method and route template, as far as they are known by now. Never throws. */
export function endpointOf(work: Work | undefined): string | undefined {
  if (work?.open !== true) return undefined;
  try {
    return work.endpointNow() ?? endpointOf(work.around);
  } catch {
    // The app's own `route(req)` may not be ready to be asked. It is asked again at the request's end.
    return undefined;
  }
}

/** Also of work that is over. Never throws. */
export function endpointAtEnd(work: Work | undefined): string | undefined {
  try {
    return work?.endpointNow();
  } catch {
    return undefined;
  }
}
