import type { Clock } from "@/lib/clock";

/** A clock that a test moves. */
export class FakeClock implements Clock {
  constructor(private ms = Date.parse("2026-11-22T10:00:00Z")) {}
  now = (): number => this.ms;
  advance(ms: number): void {
    this.ms += ms;
  }
}
