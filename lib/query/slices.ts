/** How long a merge may keep the event loop before other requests get their turn. */
const SLICE_MS = 8;

/** Cuts long merges into slices: call `rest` between small pieces of work. */
export class Slices {
  private startedMs = performance.now();

  /** Returns at once within a slice; at its end, lets everything else that waits run first. */
  async rest(): Promise<void> {
    if (performance.now() - this.startedMs < SLICE_MS) return;
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.startedMs = performance.now();
  }

  /** Whether `rest` would pause: spares an await a piece where pieces are tiny. */
  get over(): boolean {
    return performance.now() - this.startedMs >= SLICE_MS;
  }
}
