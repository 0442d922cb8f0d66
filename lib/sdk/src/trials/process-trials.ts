import { strategyCode, winnerOf, type Harm, type TrialAnalysis } from "../../../loading/index.ts";
import { warnOnce } from "../registry.ts";
import { Models } from "../repeats/models.ts";
import { extensionFor } from "./extension.ts";
import { readTrials, type TrialOptions } from "./options.ts";
import { RunningTrial, type Checks } from "./running-trial.ts";

/** What a trial has shown in this process so far. Durations are of the call, in µs. */
export interface LoadingTrial extends TrialAnalysis {
  name: string;
  op: string;
  endpoint: string | undefined;
  /** The strategy that was stopped, and why. */
  stopped: Harm | undefined;
  checks: Checks;
  /** The faster one, as code; undefined while there is none, or when answers differ. */
  code: string | undefined;
}

/** `Symbol.for`, so that the ESM and the CommonJS copy of this package tell of the same trials. */
const TRIALS = Symbol.for("@tailfill/sdk trials 1");
const holder = globalThis as typeof globalThis & { [TRIALS]?: Map<string, RunningTrial> };
const running = (holder[TRIALS] ??= new Map());

/** The trials of this process, with what they have shown so far. */
export function loadingTrials(): LoadingTrial[] {
  return [...running.values()].map((each) => {
    const { name, op, endpoint } = each.trial;
    const analysis = each.analysis();
    const { checks } = each;
    const code = checks.different > 0 ? undefined : strategyCode(op, winnerOf(analysis.verdict, each.harm));
    return { name, op, endpoint, stopped: each.harm, checks, code, ...analysis };
  });
}

/** What is used of a Prisma client. */
interface Extensible {
  $extends?: (extension: object) => unknown;
  _engineConfig?: { previewFeatures?: readonly string[]; activeProvider?: string };
}

const PROVIDERS = new Set(["postgresql", "postgres", "cockroachdb", "mysql"]);

/** The client with the trials that can be run; the client itself when none can. Says in a warning what is missing. */
export function withTrials<Client>(client: Client, given: readonly TrialOptions[] | undefined): Client {
  if (given === undefined || given.length === 0) return client;
  const missing = missingIn(client as Extensible);
  if (missing !== undefined) {
    warnOnce("trials", `no trial runs: ${missing}`);
    return client;
  }
  const { trials, problems } = readTrials(given);
  problems.forEach((problem, at) => warnOnce(`trial_${at}`, problem));
  const all = trials.map((trial) => new RunningTrial(trial, (harm) => sayStopped(trial.name, harm)));
  if (all.length === 0) return client;
  for (const each of all) running.set(each.trial.name, each);
  return (client as Required<Extensible>).$extends(extensionFor(all, client, Models.of(client))) as Client;
}

function missingIn({ $extends, _engineConfig: config }: Extensible): string | undefined {
  if (typeof $extends !== "function") return "what `client` gives is no Prisma client";
  if (config?.previewFeatures?.includes("relationJoins") !== true)
    return 'add previewFeatures = ["relationJoins"] to the generator in schema.prisma and generate the client anew';
  if (!PROVIDERS.has(config.activeProvider ?? ""))
    return `Prisma joins relations on PostgreSQL, CockroachDB and MySQL only, not on ${config.activeProvider ?? "this"}`;
  return undefined;
}

const REASONS = { slow: "its p95 is clearly too far above the other's", errors: "its calls fail more often" };

function sayStopped(name: string, { strategy, reason }: Harm): void {
  const text = `the trial "${name}" has stopped relationLoadStrategy "${strategy}": ${REASONS[reason]}`;
  warnOnce(`trial_stopped_${name}`, text);
}
