import { relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { FEW_REPEATS } from "../../../loading/index.ts";
import type { Work } from "../context.ts";
import { RequestRepeats } from "./request-repeats.ts";

/** A stack costs some 25 µs. Each endpoint and op, or statement, is worth one; these are worth no more of them. */
const MOST_KNOWN = 1_000;
const DEPTH = 40;
const LONGEST = 300;

/** Where in the app a call stands that is made again and again, by endpoint and op. */
export class CallSites {
  readonly #known = new Map<string, string>();

  /**
   * A call of `what`, an op or a fingerprint, begins. `from` is the function of ours that the app has called: the stack above it is
   * the app's. Never throws.
   */
  note(work: Work, what: string, from: (...args: never[]) => unknown): void {
    try {
      const { calls } = (work.repeats ??= new RequestRepeats());
      const count = (calls.get(what) ?? 0) + 1;
      if (count > FEW_REPEATS) return;
      if (count > 1 || calls.size < MOST_CALLED) calls.set(what, count);
      if (count === FEW_REPEATS) this.#keep(work, what, from);
    } catch (error) {
      work.client?.report(error);
    }
  }

  /** `src/posts.ts:12`, from the working directory; undefined where none was seen. */
  of(endpoint: string, what: string): string | undefined {
    return this.#known.get(`${endpoint} ${what}`);
  }

  #keep(work: Work, what: string, from: (...args: never[]) => unknown): void {
    const key = `${endpointOf(work)} ${what}`;
    if (this.#known.has(key) || this.#known.size >= MOST_KNOWN) return;
    const site = siteAbove(from);
    if (site !== undefined) this.#known.set(key, site);
  }
}

/** What one request may call differently. */
const MOST_CALLED = 200;

function endpointOf({ endpointNow }: Work): string {
  try {
    return endpointNow() ?? "";
  } catch {
    return "";
  }
}

/** The first frame of the app's own code. */
function siteAbove(from: (...args: never[]) => unknown): string | undefined {
  const limit = Error.stackTraceLimit;
  const holder: { stack?: string } = {};
  try {
    Error.stackTraceLimit = DEPTH;
    Error.captureStackTrace(holder, from);
  } finally {
    Error.stackTraceLimit = limit;
  }
  const frames = String(holder.stack).split("\n").slice(1);
  return frames.map(siteIn).find((site) => site !== undefined);
}

/** `at name (file:///app/src/posts.ts:12:5)`, or without a name and parentheses. */
const FRAME = /(?:\(|at (?:async )?)((?:file:\/\/|\/|[A-Za-z]:[\\/])[^()]*?):(\d+):\d+\)?$/;

function siteIn(frame: string): string | undefined {
  const [, file, line] = FRAME.exec(frame.trim()) ?? [];
  if (file === undefined) return undefined;
  const path = file.startsWith("file:") ? fileURLToPath(file) : file;
  const own = relative(process.cwd(), path).split(sep).join("/");
  const shown = own.startsWith("..") ? path : own;
  return /(?:^|[\\/])node_modules[\\/]/.test(shown) ? undefined : `${shown}:${line}`.slice(-LONGEST);
}
