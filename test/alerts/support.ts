import { decide, isFiring, NEW_SERIES, type SeriesState, type Terms } from "@/lib/alerts/decide";
import type { Evaluation, Verdict } from "@/lib/alerts/evaluation";
import { decideGroup, type OpenIncident, type Telling } from "@/lib/alerts/group";

export const T0 = Date.parse("2026-11-22T12:00:00Z");
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

export const saying = (verdict: Verdict): Evaluation => ({ verdict, observed: null });
export const TERMS: Terms = { forSeconds: 0, keepFiringSeconds: 300, noData: "resolve" };

/** What was told, and seconds since the beginning. */
export type Told = [seconds: number, what: Telling];

/** Plays rounds over one rule with some series on a clock of its own: the same pure steps as a round takes. */
export class Player {
  readonly states = new Map<string, SeriesState>();
  readonly told: Told[] = [];
  incident: OpenIncident | null = null;
  members = new Set<string>();
  muted: (key: string, atMs: number) => boolean = () => false;

  constructor(
    readonly terms: Terms = TERMS,
    readonly timing = { waitSeconds: 10, intervalSeconds: 300, repeatSeconds: 14_400 },
  ) {}

  /** One round at `seconds` since the beginning. */
  round(seconds: number, evaluations: Record<string, Evaluation>): void {
    const atMs = T0 + seconds * SECOND;
    for (const [key, evaluation] of Object.entries(evaluations)) {
      const { next, change } = decide(this.states.get(key) ?? NEW_SERIES, evaluation, this.terms, atMs);
      this.states.set(key, next);
      if (change === null || !("fired" in change)) continue;
      this.incident ??= { openedAtMs: atMs, toldAtMs: null, told: [], acknowledgedAtMs: null, ...this.timing };
      this.members.add(key);
    }
    this.tell(atMs);
  }

  private tell(nowMs: number): void {
    if (this.incident === null) return;
    const members = [...this.members].map((key) => ({
      key,
      firing: isFiring(this.states.get(key)!),
      muted: this.muted(key, nowMs),
    }));
    const { tell, closes } = decideGroup(this.incident, members, nowMs);
    if (tell !== null) {
      this.told.push([(nowMs - T0) / SECOND, tell]);
      const told = members.filter(({ firing, muted }) => firing && !muted).map(({ key }) => key);
      this.incident = { ...this.incident, toldAtMs: nowMs, told };
    }
    if (!closes) return;
    this.incident = null;
    this.members = new Set();
  }

  /** Rounds every `step` seconds of one series, from `from` up to but without `to`. */
  play(from: number, to: number, verdictAt: (seconds: number) => Verdict, step = 10): this {
    for (let at = from; at < to; at += step) this.round(at, { one: saying(verdictAt(at)) });
    return this;
  }

  get state(): string {
    return this.states.get("one")?.state ?? "ok";
  }
}
