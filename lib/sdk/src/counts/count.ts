/**
 * `exact`: counted. `estimate`: the planner's, for this statement with these values. `atLeast`: so many are there for
 * sure, and there may be more.
 */
export type CountKind = "exact" | "estimate" | "atLeast";

/**
 * Why a count is of its kind: `small` (few enough to be counted), `large` (too many, so estimated), `checked` (counted
 * to see how far off the estimate was), `capped` (more than the threshold, though estimated to be fewer), `budget` (counting took longer than
 * its budget), `refused` (estimates of this shape are too far off), `unproven` (a shape whose estimates are trusted only
 * once they were seen to be good), `unsupported` (no plain count of rows, or a database that is not asked for estimates),
 * `off` (switched off).
 */
export type CountReason =
  "small" | "large" | "checked" | "capped" | "budget" | "refused" | "unproven" | "unsupported" | "off";

/** A count that says what it is. Never for money, quotas, or to see whether there is any at all. */
export interface Count {
  /** Rows. */
  value: number;
  kind: CountKind;
  /** When it was counted or estimated, ISO 8601. */
  asOf: string;
  /**
   * How far off such estimates were: 95 of 100 within this factor, either way. Of estimates that were compared with an exact count in the last day;
   * `null` while there is none.
   */
  qErrorP95: number | null;
  because: CountReason;
}

export interface CountOptions {
  /** Up to how many rows are counted exactly. Default 10,000. */
  threshold?: number;
  /** How long one count in the database may take, milliseconds; asking the planner is not part of it. Default 250. */
  budgetMs?: number;
  /** Counts exactly beside the estimate, within the budget, to learn how good estimates of this shape are. */
  check?: boolean;
}

export interface CountDefaults extends Omit<CountOptions, "check"> {
  /** Every how many estimates of a shape one is checked by counting, within the budget. Default 100; 0 for never. */
  checkEvery?: number;
}

/** What one count goes by. */
export interface CountSettings {
  /** False: everything is counted. */
  approximate: boolean;
  threshold: number;
  budgetMs: number;
  checkEvery: number;
  check: boolean;
}

const DEFAULTS = { threshold: 10_000, budgetMs: 250, checkEvery: 100 };
/** As PostgreSQL's `statement_timeout`. */
const LONGEST_MS = 2_147_483_647;
const MOST_ROWS = 1_000_000_000;

/**
 * Options of a call over those of the client.
 * @param defaults `false` switches estimates off
 * @throws TypeError or RangeError, naming the option, for what is no whole number of the option's range
 */
export function settingsOf(
  defaults: CountDefaults | boolean = {},
  options: CountOptions & CountDefaults = {},
): CountSettings {
  const known = typeof defaults === "boolean" ? {} : defaults;
  const given = { ...DEFAULTS, ...defined(known), ...defined(options) };
  return {
    approximate: defaults !== false,
    threshold: wholeIn("threshold", given.threshold, [0, MOST_ROWS]),
    budgetMs: wholeIn("budgetMs", given.budgetMs, [1, LONGEST_MS]),
    checkEvery: wholeIn("checkEvery", given.checkEvery, [0, MOST_ROWS]),
    check: options.check === true,
  };
}

function defined<Options extends object>(options: Options): Partial<Options> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<Options>;
}

function wholeIn(name: string, value: unknown, [least, most]: readonly [number, number]): number {
  if (typeof value !== "number") throw new TypeError(`${name} is a number, not ${typeof value}`);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new RangeError(`${name} is a whole number from ${least} to ${most}, not ${value}`);
}
