import type { Clock, Timer } from "./clock.ts";

/** A window that closes sooner than this part of its width after it opened would be noise: the next one is taken. */
const SLIVER = 1 / 50;

export interface WindowSpan {
  /** The window's start by the wall clock, a whole multiple of its width since 1970. */
  startMs: number;
  /** How long it stays open from now on: above 0, at most 1.02 widths, whatever the wall clock does meanwhile. */
  remainingMs: number;
}

/** The window that a sample belongs to at `wallMs`. Windows of one width have the same edges in all processes. */
export function windowAt(wallMs: number, seconds: number): WindowSpan {
  const widthMs = seconds * 1000;
  const startMs = Math.floor(wallMs / widthMs) * widthMs;
  const remainingMs = startMs + widthMs - wallMs;
  // A timer may fire a millisecond early by the wall clock; without this, that millisecond became a batch.
  if (remainingMs < widthMs * SLIVER) return { startMs: startMs + widthMs, remainingMs: remainingMs + widthMs };
  return { startMs, remainingMs };
}

/**
 * Opens windows one after the other. The label of a window is read from the wall clock when it opens; how long it
 * stays open is counted by the timer, so that a wall clock that jumps can only mislabel the window it jumped in.
 */
export class WindowClock {
  readonly #clock: Clock;
  readonly #seconds: number;
  readonly #closed: (startMs: number) => void;
  #startMs = 0;
  #timer: Timer | undefined;

  /** @param closed told the start of each window at its end; must not throw */
  constructor(clock: Clock, seconds: number, closed: (startMs: number) => void) {
    this.#clock = clock;
    this.#seconds = seconds;
    this.#closed = closed;
    this.#open();
  }

  /** Ends the current window now and opens the next one, which may have the same start. */
  cut(): void {
    this.#timer?.cancel();
    const startMs = this.#startMs;
    this.#open();
    this.#closed(startMs);
  }

  /** Ends the current window and opens no other. */
  stop(): void {
    if (this.#timer === undefined) return;
    this.#timer.cancel();
    this.#timer = undefined;
    this.#closed(this.#startMs);
  }

  #open(): void {
    const span = windowAt(this.#clock.wallMs(), this.#seconds);
    this.#startMs = span.startMs;
    this.#timer = this.#clock.after(span.remainingMs, () => this.cut());
  }
}
