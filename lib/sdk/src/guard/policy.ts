import { milliseconds, type Duration } from "../duration.ts";

export interface PolicyOptions {
  /** How often the guard looks. Default 10 s. */
  every?: Duration;
  /** How long a statement may run. Default 20 s. */
  over?: Duration;
  /** Only statements of these applications are stopped. Default: of all that are not protected. */
  applicationNames?: readonly string[];
  /** Whether statements are stopped; otherwise it only says what it would do. Default false. */
  apply?: boolean;
  /** Whether the connection is closed of a statement that does not heed being cancelled. Default false. */
  terminate?: boolean;
  /** How long a cancelled statement has before that. Default 10 s. */
  grace?: Duration;
  /** Whether statements that write are stopped too; their work is rolled back. Default false. */
  includeWrites?: boolean;
  /** Most statements stopped in any minute. Default 10. */
  maxPerMinute?: number;
  /** When more than this many would be stopped at once, the database is sick, and none is. Default 10. */
  mostAtOnce?: number;
}

/** The options, checked and completed. */
export interface Policy {
  everyMs: number;
  overMs: number;
  graceMs: number;
  applicationNames: ReadonlySet<string> | undefined;
  apply: boolean;
  terminate: boolean;
  includeWrites: boolean;
  maxPerMinute: number;
  mostAtOnce: number;
}

/** @throws TypeError that says which option is wrong */
export function readPolicy(options: PolicyOptions): Policy {
  const { apply = false, terminate = false, includeWrites = false } = options;
  return {
    everyMs: duration("every", options.every ?? "10s"),
    overMs: duration("over", options.over ?? "20s"),
    graceMs: duration("grace", options.grace ?? "10s"),
    applicationNames: names(options.applicationNames),
    apply,
    terminate,
    includeWrites,
    maxPerMinute: count("maxPerMinute", options.maxPerMinute ?? 10),
    mostAtOnce: count("mostAtOnce", options.mostAtOnce ?? 10),
  };
}

const SHORTEST_MS = 100;

function duration(option: string, given: Duration): number {
  const ms = milliseconds(given);
  if (ms !== undefined && ms >= SHORTEST_MS) return ms;
  throw new TypeError(
    `${option} must be a time of at least ${SHORTEST_MS} ms, such as "20s", not ${JSON.stringify(given)}`,
  );
}

function count(option: string, given: number): number {
  if (Number.isInteger(given) && given > 0) return given;
  throw new TypeError(`${option} must be a whole number above 0, not ${String(given)}`);
}

function names(given: readonly string[] | undefined): ReadonlySet<string> | undefined {
  if (given === undefined) return undefined;
  const all = given.map((name) => name.trim());
  if (all.length > 0 && !all.includes("")) return new Set(all);
  throw new TypeError("applicationNames must be one name or more, none of them empty");
}
