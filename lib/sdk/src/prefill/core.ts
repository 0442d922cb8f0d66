import type { DefinitionReport, FillEvent, FillState, PrefillMode } from "../../../wire/index.ts";
import type { CachedDefinition } from "../cache/definition-type.ts";
import type { Clock, Timer } from "../clock.ts";
import { createPoster } from "../post.ts";
import { atOnceAt, nextSpeed, type BrakeLimits } from "./brakes.ts";
import { PLAN_LASTS_MS } from "./decide.ts";
import { EventLog } from "./event-log.ts";
import { FillRunner } from "./fill-runner.ts";
import { Foreground } from "./foreground.ts";
import { watchLoop, type LoopDelay } from "./loop-delay.ts";
import { createPlanGetter } from "./plan-get.ts";
import { PlanPoll } from "./plan-poll.ts";
import type { IndexedPlan } from "./plan-index.ts";
import type { FillJob, FillLine, FillQueue } from "./queue-type.ts";

const TIMEOUT_MS = 5_000;
const TICK_MS = 1_000;
const QUEUE_ENDS_MS = 3_000;
const EVENTS_MEDIA_TYPE = "application/json";
/** Until the first plan says. */
const FIRST_CONCURRENCY = 1;

/** Where the server is, and who asks. */
export interface Source {
  /** Below which the API is, with a slash at its end. */
  apiUrl: URL;
  apiKey: string;
  service: string;
  environment: string;
  instance: string;
}

export interface CoreOptions {
  source: Source;
  /** Whether this process decides on fills: then it has a share of the budget. */
  decides: boolean;
  /** Whether it works fills off, from the first plan on. */
  works: boolean;
  clock: Clock;
  queue: FillQueue;
  definitionOf: (name: string) => CachedDefinition | undefined;
  /** What to tell the server of what is defined. */
  definitions: () => DefinitionReport[];
  openUser: (name: string) => string | null;
  brakes: BrakeLimits;
  /** Most fills at once, whatever the plan says. */
  mostAtOnce: number;
  /** Told what became of each fill that ended in this process. */
  filled?: (event: FillEvent) => void;
  /** Told of each new plan. */
  planned?: (plan: IndexedPlan) => void;
  /** Called every second. */
  tick?: () => void;
  watchLoop?: () => LoopDelay;
  warn: (code: string, message: string) => void;
  report: (error: unknown) => void;
}

/** What every process has that takes part: the plan, the log of events, and the brakes; and its share of the fills, if it works. */
export class Core {
  readonly plans: PlanPoll;
  readonly events: EventLog;
  readonly runner: FillRunner;
  readonly foreground = new Foreground();
  readonly fills: Record<FillState, number> = {
    filled: 0,
    warm: 0,
    voided: 0,
    failed: 0,
    late: 0,
    dropped: 0,
    undelivered: 0,
  };
  readonly unknown = { definitions: 0, users: 0 };
  readonly #options: CoreOptions;
  readonly #loop: LoopDelay;
  #speed = 1;
  #line: FillLine | undefined;
  #timer: Timer | undefined;
  #stopping = false;

  constructor(options: CoreOptions) {
    this.#options = options;
    const { clock, definitionOf, openUser, warn, report } = options;
    this.plans = new PlanPoll({
      getter: getterFor(options),
      clock,
      warn,
      report,
      changed: (plan) => this.#planChanged(plan),
    });
    this.events = eventLogFor(options);
    this.runner = new FillRunner({
      clock,
      definitionOf,
      openUser,
      report,
      mode: () => this.mode,
      log: (event) => this.#log(event),
      unknown: (what) => void this.unknown[`${what}s`]++,
    });
    this.#loop = (options.watchLoop ?? watchLoop)();
    this.#timer = clock.after(TICK_MS, () => this.#tick());
  }

  /** What may be done now; null without a plan that may be acted on. */
  get mode(): PrefillMode | null {
    if (this.#stopping) return "stop";
    const plan = this.plans.current()?.plan;
    if (plan === undefined || this.#options.clock.wallMs() - plan.madeAtMs > PLAN_LASTS_MS) return null;
    return plan.mode;
  }

  /** How fast to fill: 1 is as fast as the plan allows, 0 not at all. */
  get speed(): number {
    return this.#speed;
  }

  /** Fills that may run at once, just now. */
  get atOnce(): number {
    const planned = this.plans.current()?.plan.concurrency ?? FIRST_CONCURRENCY;
    return atOnceAt(this.#speed, Math.min(planned, this.#options.mostAtOnce));
  }

  /** Ends all work: what runs is given up, what waits in this process is dropped, and what is logged is sent. */
  async stop(): Promise<void> {
    const { queue, report } = this.#options;
    this.#stopping = true;
    this.#timer?.cancel();
    this.#loop.stop();
    this.runner.abortAll();
    await this.#inTime(async () => this.#line?.stop()).catch(report);
    await this.#inTime(() => queue.close()).catch(report);
    this.plans.stop();
    await this.events.stop().catch(report);
  }

  /** A queue that is down may never come to its end. */
  async #inTime(ending: () => Promise<void>): Promise<void> {
    let timer: Timer | undefined;
    const late = new Promise<void>((resolve) => (timer = this.#options.clock.after(QUEUE_ENDS_MS, resolve, true)));
    await Promise.race([ending(), late]).finally(() => timer?.cancel());
  }

  #log(event: FillEvent): void {
    this.fills[event.state]++;
    this.events.add(event);
    this.#options.filled?.(event);
  }

  #planChanged(index: IndexedPlan): void {
    if (this.mode !== "fill") this.runner.abortAll();
    this.foreground.limitUs = index.plan.foregroundP95Us ?? Infinity;
    if (this.#line === undefined && this.#options.works && !this.#stopping) this.#work();
    else this.#line?.limit(this.atOnce);
    this.#options.planned?.(index);
  }

  #work(): void {
    const run = (job: FillJob) => this.runner.run(job);
    const lost = (job: FillJob) => this.runner.finish(job.decision, "failed");
    this.#line = this.#options.queue.work(run, this.atOnce, lost);
  }

  #tick(): void {
    try {
      const pressure = { loopDelayMs: this.#loop.take(), slowShare: this.foreground.take() };
      const before = this.atOnce;
      this.#speed = nextSpeed(this.#speed, pressure, this.#options.brakes);
      if (this.atOnce !== before) this.#line?.limit(this.atOnce);
      this.#options.tick?.();
    } catch (error) {
      this.#options.report(error);
    }
    if (!this.#stopping) this.#timer = this.#options.clock.after(TICK_MS, () => this.#tick());
  }
}

function getterFor({ source, decides, clock }: CoreOptions) {
  const { apiUrl, apiKey, service, environment, instance } = source;
  const url = new URL("prefill/plan", apiUrl);
  url.search = new URLSearchParams({ service, environment, ...(decides ? { instance } : {}) }).toString();
  return createPlanGetter({ url, apiKey, timeoutMs: TIMEOUT_MS, clock });
}

function eventLogFor({ source, clock, definitions, warn, report }: CoreOptions): EventLog {
  const { apiUrl, apiKey, service, environment, instance } = source;
  const url = new URL("prefill/events", apiUrl);
  const poster = createPoster({ url, apiKey, mediaType: EVENTS_MEDIA_TYPE, timeoutMs: TIMEOUT_MS, clock });
  return new EventLog({ poster, clock, source: { service, environment, instance }, definitions, warn, report });
}
