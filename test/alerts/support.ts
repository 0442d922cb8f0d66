import type { SeriesState, Terms } from "@/lib/alerts/decide";
import type { Evaluation, Verdict } from "@/lib/alerts/evaluation";
import type { Telling } from "@/lib/alerts/group";
import { Playback, type Timing } from "@/lib/alerts/playback";

export const T0 = Date.parse("2026-11-22T12:00:00Z");
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

export const saying = (verdict: Verdict): Evaluation => ({ verdict, observed: null });
export const TERMS: Terms = { forSeconds: 0, keepFiringSeconds: 300, noData: "resolve" };

/** What was told, and seconds since the beginning. */
export type Told = [seconds: number, what: Telling];

/** Plays rounds on a clock that counts seconds from T0. */
export class Player {
  muted: (key: string, atMs: number) => boolean = () => false;
  private readonly playback: Playback;

  constructor(terms: Terms = TERMS, timing: Timing = { waitSeconds: 10, intervalSeconds: 300, repeatSeconds: 14_400 }) {
    this.playback = new Playback(terms, timing, (key, atMs) => this.muted(key, atMs));
  }

  /** One round at `seconds` since the beginning. */
  round(seconds: number, evaluations: Record<string, Evaluation>): void {
    this.playback.round(T0 + seconds * SECOND, Object.entries(evaluations));
  }

  /** Rounds every `step` seconds of one series, from `from` up to but without `to`. */
  play(from: number, to: number, verdictAt: (seconds: number) => Verdict, step = 10): this {
    for (let at = from; at < to; at += step) this.round(at, { one: saying(verdictAt(at)) });
    return this;
  }

  get states(): ReadonlyMap<string, SeriesState> {
    return this.playback.states;
  }

  get told(): Told[] {
    return this.playback.told.map(({ atMs, what }) => [(atMs - T0) / SECOND, what]);
  }

  get state(): string {
    return this.states.get("one")?.state ?? "ok";
  }
}
