import { monitorEventLoopDelay } from "node:perf_hooks";

/** How often the loop is looked at. Node reports the whole gap, this included. */
const RESOLUTION_MS = 20;

/** How late the event loop is. */
export interface LoopDelay {
  /** The 99th percentile since the last call, in milliseconds. */
  take(): number;
  stop(): void;
}

/** Watches the event loop by Node's own monitor, whose timer keeps no process alive. */
export function watchLoop(): LoopDelay {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  return {
    take() {
      const ms = histogram.percentile(99) / 1e6 - RESOLUTION_MS;
      histogram.reset();
      return Math.max(0, ms);
    },
    stop: () => void histogram.disable(),
  };
}
