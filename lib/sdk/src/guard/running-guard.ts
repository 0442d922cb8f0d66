import { setTimeout as pause } from "node:timers/promises";
import type { Clock, Timer } from "../clock.ts";
import { errorText, type Open } from "./address.ts";
import { GuardRefused, type GuardDatabase } from "./database.ts";
import { killLog } from "./kill-log.ts";
import type { KillReporter } from "./kill-reporter.ts";
import type { Guard, GuardOptions, GuardStats } from "./options.ts";
import type { Policy } from "./policy.ts";
import { Rounds, type Hearers } from "./round.ts";

/** How soon after a signal it is asked what became of it. */
const FOLLOW_MS = 200;
/** How often a guard that waits looks whether the other one is gone. */
const LEAD_MS = 1_000;
/** A database that is away is tried again this soon at first, twice as late each time, up to the longest. */
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 10_000;
const STOP_MS = 2_000;
/** How long recording may take: a hook that hangs must not hang the guard. */
const RECORD_MS = 5_000;

export interface GuardParts {
  policy: Policy;
  open: Open;
  clock: Clock;
  /** Tells the server, if there is one. */
  reporter?: KillReporter | undefined;
}

/** The loop: connect, lead, look, wait. Nothing that happens in it reaches the app. */
export class RunningGuard implements Guard {
  readonly ready: Promise<void>;
  readonly #options: GuardOptions;
  readonly #policy: Policy;
  readonly #open: Open;
  readonly #clock: Clock;
  readonly #reporter: KillReporter | undefined;
  readonly #rounds: Rounds;
  readonly #stats: GuardStats = {
    isLeading: false,
    rounds: 0,
    cancelled: 0,
    terminated: 0,
    gone: 0,
    wouldCancel: 0,
    spared: 0,
    blockers: 0,
    losses: 0,
  };
  #settle!: { started: () => void; failed: (error: Error) => void };
  #database: GuardDatabase | undefined;
  #work: Promise<void> = Promise.resolve();
  #timer: Timer | undefined;
  #retryMs = FIRST_RETRY_MS;
  #nextLookMs = 0;
  readonly #told = new Set<string>();
  #said = "";
  #isStopped = false;

  constructor(options: GuardOptions, { policy, open, clock, reporter }: GuardParts) {
    this.#options = options;
    this.#policy = policy;
    this.#open = open;
    this.#clock = clock;
    this.#reporter = reporter;
    this.#rounds = new Rounds(policy, clock, this.#hearers(), this.#stats);
    this.ready = new Promise((started, failed) => (this.#settle = { started, failed }));
    // Who does not wait for it has `onError`.
    this.ready.catch(() => undefined);
    killLog().guards += 1;
    this.#tick();
  }

  stats(): GuardStats {
    return { ...this.#stats };
  }

  async stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    killLog().guards -= 1;
    this.#timer?.cancel();
    const limit = pause(STOP_MS, undefined, { ref: false });
    await Promise.race([this.#work.then(() => Promise.all([this.#close(), this.#reporter?.flush()])), limit]);
  }

  #tick(): void {
    this.#work = this.#step().then((delayMs) => {
      if (delayMs === undefined || this.#isStopped) return;
      this.#timer = this.#clock.after(delayMs, () => this.#tick());
    });
  }

  /** How long to wait before the next step; undefined when there is none. Never rejects. */
  async #step(): Promise<number | undefined> {
    try {
      this.#database ??= await this.#opened();
      if (!this.#stats.isLeading && !(await this.#lead(this.#database))) return this.#afterStart(this.#leadMs);
      await this.#look(this.#database);
      this.#retryMs = FIRST_RETRY_MS;
      return this.#afterStart(this.#delayMs());
    } catch (error) {
      return this.#afterFailure(error);
    }
  }

  #afterStart(delayMs: number): number {
    this.#settle.started();
    return delayMs;
  }

  async #afterFailure(error: unknown): Promise<number | undefined> {
    await this.#close();
    const told = new (error instanceof GuardRefused ? GuardRefused : Error)(
      errorText(error, this.#options.databaseUrl),
    );
    this.#settle.failed(told);
    this.#stats.losses += 1;
    if (!this.#isStopped) this.#sayError(told);
    if (error instanceof GuardRefused) return undefined;
    const delayMs = this.#retryMs * (0.5 + this.#clock.random() / 2);
    this.#retryMs = Math.min(LONGEST_RETRY_MS, this.#retryMs * 2);
    return delayMs;
  }

  async #opened(): Promise<GuardDatabase> {
    const database = await this.#open((error) => this.#lost(database, error));
    for (const note of database.notes) if (!this.#told.has(note)) this.#tell(this.#options.onNote, note);
    for (const note of database.notes) this.#told.add(note);
    return database;
  }

  /** The connection broke while nothing was asked: the next step connects anew. */
  #lost(database: GuardDatabase | undefined, error: Error): void {
    if (this.#isStopped || database === undefined || database !== this.#database) return;
    this.#forget();
    this.#stats.losses += 1;
    this.#sayError(new Error(errorText(error, this.#options.databaseUrl)));
  }

  async #lead(database: GuardDatabase): Promise<boolean> {
    // A dry run does nothing that two could not do.
    const name = this.#policy.apply ? "tailfill-guard" : "tailfill-guard dry run";
    this.#stats.isLeading = await database.lead(name);
    this.#note(
      this.#stats.isLeading ? this.#leadingWords(database) : "another guard of this role leads; waiting to take over",
    );
    return this.#stats.isLeading;
  }

  #leadingWords({ self: { role, database } }: GuardDatabase): string {
    const does = this.#policy.apply ? "stops" : "dry run, would stop";
    return `${does} statements of ${role} in ${database} that run for more than ${this.#policy.overMs} ms`;
  }

  async #look(database: GuardDatabase): Promise<void> {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs < this.#nextLookMs) return this.#rounds.follow(database);
    this.#nextLookMs = nowMs + this.#policy.everyMs;
    await this.#rounds.look(database);
  }

  get #leadMs(): number {
    return Math.min(LEAD_MS, this.#policy.everyMs);
  }

  #delayMs(): number {
    const untilLookMs = Math.max(0, this.#nextLookMs - this.#clock.monotonicMs());
    return this.#rounds.isFollowing ? Math.min(FOLLOW_MS, untilLookMs) : untilLookMs;
  }

  async #close(): Promise<void> {
    const database = this.#database;
    this.#forget();
    await Promise.race([database?.close().catch(() => undefined), pause(STOP_MS / 2, undefined, { ref: false })]);
  }

  #forget(): void {
    this.#database = undefined;
    this.#stats.isLeading = false;
    this.#nextLookMs = 0;
  }

  #hearers(): Hearers {
    const { onKill, onOutcome, onReport } = this.#options;
    return {
      record: async (record) => {
        try {
          await withinTime(this.#clock, onKill?.(record));
          await this.#reporter?.before(record);
        } catch (error) {
          this.#sayError(error);
          throw error;
        }
      },
      outcome: (outcome) => {
        this.#reporter?.outcome(outcome);
        this.#tell(onOutcome, outcome);
      },
      ranOn: (outcome) => this.#reporter?.outcome(outcome),
      report: (record) => {
        this.#reporter?.report(record);
        this.#tell(onReport, record);
      },
    };
  }

  /** The same words once in a row. */
  #note(note: string): void {
    if (note === this.#said) return;
    this.#said = note;
    this.#tell(this.#options.onNote, note);
  }

  #tell<What>(hook: ((what: What) => unknown) | undefined, what: What): void {
    Promise.resolve(what)
      .then(hook)
      .catch((error: unknown) => this.#sayError(error));
  }

  #sayError(error: unknown): void {
    const told = error instanceof Error ? error : new Error(String(error));
    Promise.resolve(told)
      .then(this.#options.onError)
      .catch(() => undefined);
  }
}

function withinTime(clock: Clock, work: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const limit = clock.after(RECORD_MS, () => reject(new Error(`onKill took more than ${RECORD_MS} ms`)));
    Promise.resolve(work)
      .finally(() => limit.cancel())
      .then(resolve, reject);
  });
}
