import type { Clock } from "@/lib/sdk/src/clock";

interface FakeTimer {
  atMs: number;
  run: () => void;
}

/** The SDK's clock in a test's hand: timers run only in `advance`, the wall clock may jump apart from the other. */
export class FakeClock implements Clock {
  #wallMs: number;
  #monotonicMs = 1_000;
  #timers = new Set<FakeTimer>();
  jitter: () => number = () => 0.5;

  constructor(wallMs = Date.parse("2026-11-22T10:00:00Z")) {
    this.#wallMs = wallMs;
  }

  wallMs = (): number => this.#wallMs;
  monotonicMs = (): number => this.#monotonicMs;
  random = (): number => this.jitter();

  after(delayMs: number, run: () => void): { cancel: () => void } {
    const timer = { atMs: this.#monotonicMs + delayMs, run };
    this.#timers.add(timer);
    return { cancel: () => void this.#timers.delete(timer) };
  }

  /** The wall clock alone is set to another time. */
  jump(ms: number): void {
    this.#wallMs += ms;
  }

  /** Time passes while the process sleeps: what was due is due when it wakes. */
  sleep(ms: number): void {
    this.#pass(ms);
  }

  get timers(): number {
    return this.#timers.size;
  }

  /** Lets time pass and runs what is due, in order, with `between` after each timer and once at the end. */
  async advance(ms: number, between: () => unknown = turns): Promise<void> {
    const endMs = this.#monotonicMs + ms;
    for (let next = this.#due(endMs); next; next = this.#due(endMs)) {
      this.#pass(Math.max(0, next.atMs - this.#monotonicMs));
      this.#timers.delete(next);
      next.run();
      await between();
    }
    this.#pass(endMs - this.#monotonicMs);
    await between();
  }

  #due(endMs: number): FakeTimer | undefined {
    let first: FakeTimer | undefined;
    for (const timer of this.#timers) {
      if (timer.atMs <= endMs && (first === undefined || timer.atMs < first.atMs)) first = timer;
    }
    return first;
  }

  #pass(ms: number): void {
    this.#monotonicMs += ms;
    this.#wallMs += ms;
  }
}

/** A few turns of the event loop: enough for promises that wait for nothing outside. */
export async function turns(count = 3): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resume) => setImmediate(resume));
}
