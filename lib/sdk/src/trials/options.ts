/** A call whose relations are loaded by `join` in half of the requests, and by `query` in the others. */
export interface TrialOptions {
  /** Model and method, as `Post.findMany`: `findMany`, `findFirst`, `findUnique`, and those with `OrThrow`. */
  op: string;
  /** Only in requests of this endpoint, as `GET /feed`. Default: in all. */
  endpoint?: string;
  /** What it is called in results. Default: `endpoint` and `op`. */
  name?: string;
  /** A strategy whose p95 is so many times the other's, clearly, is stopped. Default 2. */
  stopAt?: number;
  /** Share of the requests after which both are run once more, apart, and their answers compared. Default 0.005. */
  check?: number;
  /** From a verdict on, the slower one keeps only this share of the requests. Default: half, as before. */
  explore?: number;
}

export interface Trial extends Required<Omit<TrialOptions, "endpoint" | "explore">> {
  endpoint: string | undefined;
  explore: number | undefined;
  model: string;
  method: string;
}

const METHODS = new Set(["findMany", "findFirst", "findFirstOrThrow", "findUnique", "findUniqueOrThrow"]);
/** More are not tried at once. */
const MOST = 20;

/** The trials that can be run, and what is wrong with the others. */
export function readTrials(given: readonly TrialOptions[]): { trials: Trial[]; problems: string[] } {
  const trials: Trial[] = [];
  const problems: string[] = [];
  for (const options of given) {
    const trial = trialOf(options);
    if (typeof trial === "string") problems.push(trial);
    else if (trials.length >= MOST) problems.push(`no more than ${MOST} trials run at once: "${trial.name}" does not`);
    else if (trials.some(({ name }) => name === trial.name)) problems.push(`two trials are called "${trial.name}"`);
    else trials.push(trial);
  }
  return { trials, problems };
}

function trialOf({ op, endpoint, name, stopAt, check, explore }: TrialOptions): Trial | string {
  const [model = "", method = ""] = String(op).split(".");
  if (model === "" || !METHODS.has(method))
    return `"${op}" can not be tried: name a model and one of ${[...METHODS].join(", ")}, as "Post.findMany"`;
  const called = name ?? (endpoint === undefined ? op : `${endpoint} ${op}`);
  return {
    op,
    endpoint,
    model,
    method,
    name: called.slice(0, 200),
    stopAt: within(stopAt, 2, [1, 100]),
    check: within(check, 0.005, [0, 1]),
    explore: explore === undefined ? undefined : within(explore, 0.02, [0, 0.5]),
  };
}

function within(value: number | undefined, otherwise: number, [least, most]: [number, number]): number {
  return typeof value === "number" && value >= least && value <= most ? value : otherwise;
}
