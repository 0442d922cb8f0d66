import { type Clock, sinceMs, systemClock } from "../clock.ts";
import { db, type Db } from "../store/db.ts";
import { INSTANCE_LASTS_MS, noteInstances, type PlanPulse, pulsesOf } from "../store/prefill-instances.ts";
import { planTextOf } from "../store/prefill-plans.ts";
import { settingsOf } from "../store/prefill-settings.ts";
import { findScopes } from "../store/scopes.ts";
import { type PlanAnswer, planAnswerOf } from "./plan-answer.ts";

/** Settings and plans are looked at again after this: a stop from the page acts within 2 s, the app's own second included. */
const LOOK_EVERY_MS = 500;
/** An instance that keeps asking is written down this often. */
const NOTE_EVERY_MS = 30_000;
/** A name that nobody has sent anything under is looked for again after this. */
const UNKNOWN_MS = 5_000;
/** What nobody asks for any more is forgotten after this. */
const FORGOTTEN_MS = 120_000;
/** Instances of a scope that are told apart; a name costs its sender a share of the budget, so there is nothing to gain. */
const MOST_INSTANCES = 1_000;
const MOST_SCOPES = 1_000;
const NEVER = Number.NEGATIVE_INFINITY;

/** A service and environment that somebody asked for. */
class Entry {
  askedMs = NEVER;
  scopeId: number | null = null;
  /** When the scope's id was looked for. */
  soughtMs = NEVER;
  pulse: PlanPulse | null = null;
  /** The stored plan, and when it was made. */
  text: string | null = null;
  madeAtMs: number | null = null;
  /** When each instance was written down. */
  readonly noted = new Map<string, number>();
  /** Instances that asked and are to be written down. */
  readonly pending = new Set<string>();
  answer: PlanAnswer | null = null;

  constructor(
    readonly service: string,
    readonly environment: string,
  ) {}

  note(instance: string, nowMs: number): void {
    const known = this.noted.get(instance);
    if (known !== undefined && sinceMs(known, nowMs) < NOTE_EVERY_MS) return;
    if (known !== undefined || this.noted.size + this.pending.size < MOST_INSTANCES) this.pending.add(instance);
  }

  written(nowMs: number): void {
    for (const instance of this.pending) this.noted.set(instance, nowMs);
    this.pending.clear();
    for (const [instance, ms] of this.noted) if (nowMs - ms > INSTANCE_LASTS_MS) this.noted.delete(instance);
  }
}

/** The plans that apps ask this process for, every second each: the database is asked twice a second for all of them together. */
export class PlanBoard {
  private readonly entries = new Map<string, Entry>();
  private underWay: Promise<void> | null = null;
  private lookedMs = NEVER;

  constructor(
    private readonly db: Db,
    private readonly clock: Clock,
  ) {}

  /**
   * The plan of a service and environment, about half a second old at most. An instance that names itself shares the budget.
   * @throws what the database does when it cannot be asked
   */
  async answer(service: string, environment: string, instance?: string): Promise<PlanAnswer> {
    const nowMs = this.clock.now();
    const entry = this.entryOf(service, environment);
    entry.askedMs = nowMs;
    if (instance !== undefined) entry.note(instance, nowMs);
    if (sinceMs(this.lookedMs, nowMs) >= LOOK_EVERY_MS) await this.look();
    while (entry.soughtMs === NEVER) await this.look(); // it came while a look was under way
    return (entry.answer ??= planAnswerOf(entry));
  }

  private entryOf(service: string, environment: string): Entry {
    const key = `${service}\0${environment}`;
    const entry = this.entries.get(key) ?? new Entry(service, environment);
    this.entries.delete(key); // the last asked for stand last
    this.entries.set(key, entry);
    const oldest = this.entries.keys().next();
    if (this.entries.size > MOST_SCOPES && !oldest.done) this.entries.delete(oldest.value);
    return entry;
  }

  /** One look at a time: who comes meanwhile waits for the one under way. */
  private look(): Promise<void> {
    this.underWay ??= this.refresh().finally(() => (this.underWay = null));
    return this.underWay;
  }

  private async refresh(): Promise<void> {
    const nowMs = this.clock.now();
    this.lookedMs = nowMs;
    for (const [key, { askedMs }] of this.entries) if (nowMs - askedMs > FORGOTTEN_MS) this.entries.delete(key);
    const entries = [...this.entries.values()];
    await this.seek(entries, nowMs);
    const known = entries.filter(({ scopeId }) => scopeId !== null);
    const asked = known.flatMap(({ scopeId, pending }) =>
      [...pending].map((instance) => ({ scopeId: scopeId!, instance })),
    );
    await noteInstances(this.db, asked, nowMs);
    for (const entry of known) entry.written(nowMs);
    const ids = known.map(({ scopeId }) => scopeId!);
    const pulses = new Map((await pulsesOf(this.db, ids, nowMs)).map((pulse) => [pulse.scopeId, pulse]));
    for (const entry of known) await this.turn(entry, pulses.get(entry.scopeId!) ?? null);
  }

  private async seek(entries: readonly Entry[], nowMs: number): Promise<void> {
    const sought = entries.filter(
      ({ scopeId, soughtMs }) => scopeId === null && sinceMs(soughtMs, nowMs) >= UNKNOWN_MS,
    );
    for (const { id, service, environment } of await findScopes(this.db, sought)) {
      await settingsOf(this.db, id, nowMs);
      const found = sought.find((entry) => entry.service === service && entry.environment === environment);
      if (found !== undefined) found.scopeId = id;
    }
    for (const entry of sought) entry.soughtMs = nowMs;
  }

  /** Takes in what changed; the answer is made anew with the next question. */
  private async turn(entry: Entry, pulse: PlanPulse | null): Promise<void> {
    if (pulse !== null && pulse.madeAtMs !== entry.madeAtMs) {
      const found = await planTextOf(this.db, pulse.scopeId);
      entry.text = found?.text ?? null;
      entry.madeAtMs = found?.madeAtMs ?? null;
    }
    if (JSON.stringify(pulse) !== JSON.stringify(entry.pulse)) entry.answer = null;
    entry.pulse = pulse;
  }
}

// One for each copy of this module and pool: what each keeps is half a second old at most.
let own: { db: Db; board: PlanBoard } | undefined;

/** The board of this process. */
export function planBoard(): PlanBoard {
  const current = db();
  if (own?.db !== current) own = { db: current, board: new PlanBoard(current, systemClock) };
  return own.board;
}
