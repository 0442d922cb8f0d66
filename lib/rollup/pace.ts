import { setImmediate as turn } from "node:timers/promises";

const SLICE_MS = 20;
const LOOK_EVERY = 64;

/** Cuts long work into slices, so that heartbeats and queries of the same process are not kept waiting. */
export class Pace {
  private endMs = performance.now() + SLICE_MS;
  private looks = 0;

  /** Whether the slice has taken its time. Cheap: the clock is read every so many calls. */
  get isOver(): boolean {
    return ++this.looks % LOOK_EVERY === 0 && performance.now() >= this.endMs;
  }

  /** Gives the event loop a turn when the slice has taken its time: to be called after a larger piece of work. */
  async rest(): Promise<void> {
    if (performance.now() >= this.endMs) await this.turn();
  }

  /** Gives the event loop a turn. */
  async turn(): Promise<void> {
    await turn();
    this.endMs = performance.now() + SLICE_MS;
  }
}
