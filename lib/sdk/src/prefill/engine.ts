import type { DefinitionReport, FillEvent } from "../../../wire/index.ts";
import { cleanName, MOST_DEFINITIONS } from "../../../wire/index.ts";
import type { CachedDefinition } from "../cache/definition-type.ts";
import type { Clock } from "../clock.ts";
import { Actor } from "./actor.ts";
import { Thinning } from "./brakes.ts";
import { Budget } from "./budget.ts";
import { CLOCK, REFRESH } from "./chance-of-use.ts";
import { ClockSlots } from "./clock-slots.ts";
import { Core, type Source } from "./core.ts";
import { Decider } from "./decider.ts";
import type { LoopDelay } from "./loop-delay.ts";
import type { Names } from "./names.ts";
import { OpenDecisions } from "./open-decisions.ts";
import type { FillQueue } from "./queue-type.ts";
import { Refreshes } from "./refreshes.ts";
import { Sessions } from "./sessions.ts";
import { isSignalFor, SignalWatch, type Signal } from "./signal-watch.ts";
import { VisitBook } from "./visit-book.ts";

const MOST_OPEN = 50_000;
const MOST_REFRESHES = 20_000;
/** Jobs that may wait for each that may run. */
const WAITING_EACH = 2;
const PRUNE_EVERY_TICKS = 60;
/** More signals of a definition are watched, but not told. */
const MOST_SIGNALS = 50;

export interface EngineOptions {
  source: Source;
  clock: Clock;
  names: Names;
  /** What may be filled, just now. */
  definitions: () => readonly CachedDefinition[];
  queue: FillQueue;
  work: boolean;
  sessionGapMs: number;
  mostUsers: number;
  mostAtOnce: number;
  loopDelayMs: number;
  watchLoop?: () => LoopDelay;
  warn: (code: string, message: string) => void;
  report: (error: unknown) => void;
}

/** The parts of prefill in an app, put together: who shows up is decided on, what is decided is done and logged. */
export class Engine {
  readonly core: Core;
  readonly actor: Actor;
  readonly decider: Decider;
  readonly signals: SignalWatch;
  readonly visits: VisitBook;
  readonly budget: Budget;
  readonly #options: EngineOptions;
  readonly #open = new OpenDecisions(MOST_OPEN);
  readonly #refreshes = new Refreshes(MOST_REFRESHES);
  readonly #slots = new ClockSlots();
  readonly #thinning = new Thinning();
  #definitions: ReadonlyMap<string, CachedDefinition> = new Map();
  #ticks = 0;
  #stopped = false;

  constructor(options: EngineOptions) {
    const { clock, names, queue, sessionGapMs, mostUsers, report } = options;
    this.#options = options;
    const definitionOf = (name: string) => this.#definitions.get(name);
    const plan = () => this.core.plans.current();
    this.budget = new Budget(0, clock.monotonicMs());
    this.core = this.#coreFor(definitionOf);
    const log = this.core.events.add.bind(this.core.events);
    const finish = this.core.runner.finish.bind(this.core.runner);
    const mostWaiting = () => this.core.atOnce * WAITING_EACH;
    this.actor = new Actor({ clock, budget: this.budget, queue, mostWaiting, log, finish, report });
    this.decider = new Decider({
      clock,
      plan,
      open: this.#open,
      nameOf: names.nameOf,
      report,
      ready: () => this.#ready(),
      act: (taken) => this.actor.act(taken),
    });
    this.visits = new VisitBook({
      clock,
      names,
      open: this.#open,
      refreshes: this.#refreshes,
      plan,
      definitionOf,
      log,
      first: (decision, definition, name) => this.actor.visited(decision, definition, name),
    });
    const sessions = new Sessions(sessionGapMs, mostUsers);
    const consider = (signal: Signal) => this.#consider(signal);
    this.signals = new SignalWatch({ clock, sessions, foreground: this.core.foreground, consider });
  }

  /** The definitions as they were when last looked at. */
  get definitions(): ReadonlyMap<string, CachedDefinition> {
    return this.#definitions;
  }

  /** Asks for the plan, and begins. Resolves when there is a first answer. */
  async start(): Promise<void> {
    this.#lookForDefinitions();
    this.#options.queue.open();
    await this.core.plans.start();
  }

  stop(): Promise<void> {
    this.#stopped = true;
    return this.core.stop();
  }

  #coreFor(definitionOf: (name: string) => CachedDefinition | undefined): Core {
    const { source, clock, names, queue, work, mostAtOnce, loopDelayMs, watchLoop, warn, report } = this.#options;
    return new Core({
      source,
      decides: true,
      works: work || queue.local,
      clock,
      queue,
      definitionOf,
      mostAtOnce,
      warn,
      report,
      ...(watchLoop ? { watchLoop } : {}),
      definitions: () => [...this.#definitions.values()].slice(0, MOST_DEFINITIONS).map(reportOf),
      openUser: names.userOf,
      brakes: { loopDelayMs },
      filled: (event: FillEvent) => this.actor.settle(event.id, event.tookUs),
      planned: ({ plan }) => this.budget.setRate(plan.budgetSecondsPerHour, clock.monotonicMs()),
      tick: () => this.#tick(),
    });
  }

  #ready() {
    const { clock } = this.#options;
    const { speed, mode } = this.core;
    return {
      braked: mode === "fill" && !this.#thinning.passes(speed),
      affords: (costUs: number) => this.budget.affords(costUs, clock.monotonicMs()),
    };
  }

  #consider(signal: Signal): void {
    if (this.#stopped) return;
    for (const definition of this.#definitions.values()) {
      if (!isSignalFor(definition.signals, signal)) continue;
      void this.decider.consider({ definition, user: signal.user, signal: signal.name });
    }
  }

  #tick(): void {
    const { clock, names } = this.#options;
    this.signals.tick();
    this.#lookForDefinitions();
    if (++this.#ticks % PRUNE_EVERY_TICKS === 0) this.#open.prune(clock.wallMs());
    for (const { definition, user } of this.#refreshes.take(clock.monotonicMs()))
      this.#considerOne(definition, user, REFRESH);
    for (const { definition, user: name } of this.#slots.take(
      this.core.plans.current(),
      clock.wallMs(),
      this.core.atOnce,
    )) {
      const user = names.userOf(name);
      if (user === null) this.core.unknown.users++;
      else this.#considerOne(definition, user, CLOCK);
    }
  }

  #considerOne(name: string, user: string, signal: string): void {
    const definition = this.#definitions.get(name);
    if (definition !== undefined && !this.#stopped) void this.decider.consider({ definition, user, signal });
  }

  /** Definitions may be made at any time, as modules are loaded. */
  #lookForDefinitions(): void {
    const now = this.#options.definitions();
    const known = this.#definitions;
    if (now.length === known.size && now.every((definition) => known.get(definition.name) === definition)) return;
    this.#definitions = new Map(now.map((definition) => [definition.name, definition]));
    this.signals.watchRoutes(now.flatMap(({ signals }) => signals));
    this.core.events.tellDefinitions();
  }
}

function reportOf({ name, ttlSeconds, signals }: CachedDefinition): DefinitionReport {
  return { name: cleanName(name), ttlSeconds, signals: signals.slice(0, MOST_SIGNALS) };
}
