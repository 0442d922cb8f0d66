import { TailfillError } from "../../errors.ts";
import type { BatchWindow, LossReason } from "../../wire/index.ts";
import { outOfTime } from "../entry.ts";
import { Building } from "./building.ts";
import type { Source } from "./source.ts";

/** As windows are sent by the SDK. */
export const WINDOW_MS = 10_000;
/** Batches of one export: a service's spans of a few seconds make one or two. */
export const MOST_BATCHES = 500;

/** Gathers what one export tells into batches: one for each source and window. Not to be used again. */
export class Collector {
  private readonly batches = new Map<string, Building>();
  /** Spans or points that were not kept, and why the first was not. */
  rejected = 0;
  reason = "";

  constructor(private readonly nowMs: number) {}

  /**
   * The batch of a window; null when that is too old or too far ahead, and then the requests are counted as lost.
   * @throws TailfillError `too_large` when there are too many
   */
  batchFor(source: Source, window: BatchWindow, requests: number): Building | null {
    const problem = outOfTime(window.startMs, this.nowMs);
    if (problem === undefined) return this.open(source, window, [window.startMs, window.seconds]);
    this.reject(source, `its time ${problem}`, "window_refused", requests);
    return null;
  }

  /** Counts a span or point that is not kept, and what was lost with it, in a batch of the source for nothing but losses. */
  reject(source: Source, reason: string, loss: LossReason, count: number): void {
    this.rejected++;
    this.reason ||= reason;
    this.lossesOf(source).lose(loss, count);
  }

  lossesOf(source: Source): Building {
    const startMs = Math.floor(this.nowMs / WINDOW_MS) * WINDOW_MS;
    // Sent again it would be another window: the label does not tell it.
    return this.open(source, { startMs, seconds: WINDOW_MS / 1000 }, ["losses"]);
  }

  filled(): Building[] {
    return [...this.batches.values()].filter(({ isEmpty }) => !isEmpty);
  }

  private open(source: Source, window: BatchWindow, about: readonly unknown[]): Building {
    const { service, environment, instance, release } = source;
    const label = JSON.stringify([service, environment, instance, release, ...about]);
    const known = this.batches.get(label);
    if (known !== undefined) return known;
    if (this.batches.size === MOST_BATCHES)
      throw new TailfillError("too_large", `The export is of more than ${MOST_BATCHES} instances and windows.`);
    const made = new Building(source, window, label);
    this.batches.set(label, made);
    return made;
  }
}
