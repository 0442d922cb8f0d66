import type { Clock } from "../clock.ts";
import { choose, MINUTE_MS } from "./choose.ts";
import type { GuardDatabase } from "./database.ts";
import { next, type Chosen, type Signal } from "./follow.ts";
import { logKill, unlogKill } from "./kill-log.ts";
import { judge, type Reason } from "./judge.ts";
import type { GuardStats } from "./options.ts";
import type { Policy } from "./policy.ts";
import { blockerRecord, recordOf, type About, type GuardOutcome, type GuardRecord } from "./record.ts";
import { keyOf, type Blocking, type Session } from "./session.ts";
import { Told } from "./told.ts";

/** Whom the rounds tell. `record` is awaited before a signal, and its failure forbids it. */
export interface Hearers {
  record(record: GuardRecord): Promise<void>;
  outcome(outcome: GuardOutcome): void;
  /** One that a dry run let run has ended: how long it ran on. */
  ranOn(outcome: GuardOutcome): void;
  report(record: GuardRecord): void;
}

interface UnderWay extends Chosen {
  record: GuardRecord;
}

/** What a guard remembers from look to look, and what it does at each. The decisions are `choose` and `next`. */
export class Rounds {
  readonly #policy: Policy;
  readonly #clock: Clock;
  readonly #hearers: Hearers;
  readonly #stats: GuardStats;
  readonly #underWay = new Map<string, UnderWay>();
  readonly #told = new Told();
  #chosenAtMs: number[] = [];

  constructor(policy: Policy, clock: Clock, hearers: Hearers, stats: GuardStats) {
    this.#policy = policy;
    this.#clock = clock;
    this.#hearers = hearers;
    this.#stats = stats;
  }

  /** Whether something was signalled whose end is not known yet. */
  get isFollowing(): boolean {
    return [...this.#underWay.values()].some(({ signal, isOver }) => signal !== null && !isOver);
  }

  /** One look: what became of those chosen before, then whom to choose now. */
  async look(database: GuardDatabase): Promise<void> {
    const sessions = await this.#follow(database);
    const context = { policy: this.#policy, self: database.self, dialect: database.dialect };
    const past = { chosenAtMs: this.#chosenAtMs, underWay: this.#underWay };
    const { victims, spared, blockers } = choose(sessions, context, past, this.#clock.monotonicMs());
    this.#stats.rounds += 1;
    this.#told.keep(sessions);
    for (const { session, reason } of spared) this.#report("spare", session, reason, database);
    await this.#reportBlockers(blockers, database);
    for (const victim of victims) await this.#choose(victim, database);
  }

  /** Only the first half of a look, soon after a signal. */
  async follow(database: GuardDatabase): Promise<void> {
    await this.#follow(database);
  }

  async #follow(database: GuardDatabase): Promise<Session[]> {
    const sessions = await database.activity(this.#policy.overMs);
    const running = new Map(sessions.map((session) => [keyOf(session), session]));
    for (const [key, chosen] of this.#underWay) {
      const now = running.get(key);
      const step = next(chosen, now !== undefined, this.#policy, this.#clock.monotonicMs());
      if (step === "ended") this.#end(key, chosen);
      else if (step === "give_up") this.#giveUp(chosen, database);
      else if (step === "terminate") await this.#terminate(chosen, now ?? chosen.session, database);
    }
    return sessions;
  }

  /** It is judged anew: by now it may write, or wait for a lock. */
  async #terminate(chosen: UnderWay, session: Session, database: GuardDatabase): Promise<void> {
    const judgement = judge(session, this.#policy, database.self, database.dialect);
    if (judgement.ours && judgement.reason === "over_limit") return this.#signal("terminate", session, database);
    this.#giveUp(chosen, database);
    if (judgement.ours) this.#report("spare", session, judgement.reason, database);
  }

  async #choose(session: Session, database: GuardDatabase): Promise<void> {
    if (this.#policy.apply) return this.#signal("cancel", session, database);
    const record = recordOf("would_cancel", session, "over_limit", this.#about(database));
    this.#underWay.set(keyOf(session), {
      session,
      signal: null,
      atMs: this.#clock.monotonicMs(),
      isOver: true,
      record,
    });
    this.#spend();
    this.#stats.wouldCancel += 1;
    this.#hearers.report(record);
  }

  async #signal(signal: Signal, session: Session, database: GuardDatabase): Promise<void> {
    const record = recordOf(signal, session, "over_limit", this.#about(database));
    try {
      await this.#hearers.record(record);
    } catch {
      return this.#report("spare", session, "not_recorded", database);
    }
    logKill({ record, atMs: this.#clock.wallMs() });
    const chosen = { session, signal, atMs: this.#clock.monotonicMs(), isOver: false, record };
    this.#underWay.set(keyOf(session), chosen);
    if (!(await this.#send(signal, chosen, database))) return this.#miss(chosen);
    if (signal === "cancel") this.#spend();
    this.#stats[signal === "cancel" ? "cancelled" : "terminated"] += 1;
  }

  /** Of the budget. Terminating what was cancelled is no second kill. */
  #spend(): void {
    const nowMs = this.#clock.monotonicMs();
    this.#chosenAtMs = [...this.#chosenAtMs.filter((atMs) => nowMs - atMs < MINUTE_MS), nowMs];
  }

  /** When the guard's connection breaks now, nobody knows whether the signal was sent: the statement may be chosen again. */
  async #send(signal: Signal, { session }: UnderWay, database: GuardDatabase): Promise<boolean> {
    try {
      return await database.signal(signal, session);
    } catch (error) {
      this.#underWay.delete(keyOf(session));
      throw error;
    }
  }

  /** It was over before the signal. */
  #miss(chosen: UnderWay): void {
    this.#stats.gone += 1;
    this.#underWay.delete(keyOf(chosen.session));
    unlogKill(chosen.record);
    this.#outcome(chosen, "gone");
  }

  #end(key: string, chosen: UnderWay): void {
    this.#underWay.delete(key);
    if (!chosen.isOver) this.#outcome(chosen, "ended");
    else if (chosen.signal === null) this.#hearers.ranOn(this.#outcomeOf(chosen, "ended"));
  }

  /** It stays under way, so that it is not chosen again and again. */
  #giveUp(chosen: UnderWay, database: GuardDatabase): void {
    chosen.isOver = true;
    this.#outcome(chosen, "still_running");
    this.#report("spare", chosen.session, "still_running", database);
  }

  #outcome(chosen: UnderWay, outcome: GuardOutcome["outcome"]): void {
    this.#hearers.outcome(this.#outcomeOf(chosen, outcome));
  }

  #outcomeOf({ record, atMs }: UnderWay, outcome: GuardOutcome["outcome"]): GuardOutcome {
    const afterMs = Math.round(this.#clock.monotonicMs() - atMs);
    return { at: this.#now(), pid: record.pid, outcome, afterMs, record };
  }

  #report(action: "spare", session: Session, reason: Reason, database: GuardDatabase): void {
    if (!this.#told.first(session, reason)) return;
    this.#stats.spared += 1;
    this.#hearers.report(recordOf(action, session, reason, this.#about(database)));
  }

  async #reportBlockers(blockers: ReadonlyMap<number, Session[]>, database: GuardDatabase): Promise<void> {
    const fresh = [...blockers].filter(([pid, waiting]) => this.#told.firstOf(pid, waiting));
    if (fresh.length === 0) return;
    const found = new Map((await database.blocking(fresh.map(([pid]) => pid))).map((each) => [each.pid, each]));
    for (const [pid, waiting] of fresh) {
      this.#stats.blockers += 1;
      this.#hearers.report(blockerRecord(found.get(pid) ?? unseen(pid), waiting, this.#about(database)));
    }
  }

  #about({ dialect }: GuardDatabase): About {
    return { dialect, rule: `over ${this.#policy.overMs} ms`, at: this.#now() };
  }

  #now(): string {
    return new Date(this.#clock.wallMs()).toISOString();
  }
}

function unseen(pid: number): Blocking {
  return { pid, backendStart: null, applicationName: null, state: null, text: null, ageMs: null };
}
