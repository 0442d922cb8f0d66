import { decide, isFiring, NEW_SERIES, type SeriesState, type Terms } from "./decide.ts";
import type { Evaluation } from "./evaluation.ts";
import { decideGroup, stillTold, type OpenIncident, type Telling } from "./group.ts";

export interface Timing {
  waitSeconds: number;
  intervalSeconds: number;
  repeatSeconds: number;
}

/** What was told, when. */
export interface ToldAt {
  atMs: number;
  what: Telling;
}

/** A series that fired, and until when; `null`: it does still. */
export interface FiredSpan {
  key: string;
  fromMs: number;
  toMs: number | null;
}

/**
 * The rounds of one rule played on a clock of any kind, without a database: the very decisions that rounds take. What it tells is what
 * receivers would have been told.
 */
export class Playback {
  readonly states = new Map<string, SeriesState>();
  readonly told: ToldAt[] = [];
  readonly fired: FiredSpan[] = [];
  private incident: OpenIncident | null = null;
  private members = new Set<string>();

  constructor(
    private readonly terms: Terms,
    private readonly timing: Timing,
    private readonly isMuted: (key: string, atMs: number) => boolean = () => false,
  ) {}

  /** One round: what the rule says of its series at a time. */
  round(atMs: number, evaluations: Iterable<readonly [key: string, evaluation: Evaluation]>): void {
    for (const [key, evaluation] of evaluations) this.step(key, evaluation, atMs);
    this.tell(atMs);
  }

  private step(key: string, evaluation: Evaluation, atMs: number): void {
    const { next, change } = decide(this.states.get(key) ?? NEW_SERIES, evaluation, this.terms, atMs);
    this.states.set(key, next);
    if (change === null) return;
    if ("resolved" in change) {
      this.fired.findLast((span) => span.key === key)!.toMs = atMs;
      return;
    }
    this.fired.push({ key, fromMs: atMs, toMs: null });
    this.incident ??= { openedAtMs: atMs, toldAtMs: null, told: [], acknowledgedAtMs: null, ...this.timing };
    this.members.add(key);
  }

  private tell(nowMs: number): void {
    if (this.incident === null) return;
    const members = [...this.members].map((key) => ({
      key,
      firing: isFiring(this.states.get(key)!),
      muted: this.isMuted(key, nowMs),
    }));
    this.incident = { ...this.incident, told: stillTold(this.incident.told, members) };
    const { tell, closes } = decideGroup(this.incident, members, nowMs);
    if (tell !== null) {
      this.told.push({ atMs: nowMs, what: tell });
      const told = members.filter(({ firing, muted }) => firing && !muted).map(({ key }) => key);
      this.incident = { ...this.incident, toldAtMs: nowMs, told };
    }
    if (!closes) return;
    this.incident = null;
    this.members = new Set();
  }
}
