import type { Segment, Steps } from "./plan.ts";
import type { StepTallies, TallySum } from "./tally.ts";
import { trendValueOf } from "./trend-tally.ts";

/** What is wanted of the steps that lie in a stretch: the one value of a trend, or everything. */
export type SumForm = "trend" | "steps";

/** What an answer needs of one stretch of one endpoint. */
export interface StretchSum {
  readonly whole: TallySum;
  /** The trend's values by the step's place, µs: of steps that lie within the stretch. */
  readonly trend: ReadonlyMap<number, number>;
  /** Other steps by place. Those at the ends may have samples in other stretches, so that no value can be told yet. */
  readonly steps: ReadonlyMap<number, TallySum>;
}

/** @param tallies what was added up of the stretch, and nothing else */
export function stretchSumOf(tallies: StepTallies, stretch: Segment, form: SumForm): StretchSum {
  const whole = tallies.whole.sum();
  const trend = new Map<number, number>();
  const steps = new Map<number, TallySum>();
  for (const place of placesIn(stretch, tallies.steps)) {
    const tally = tallies.step(place);
    if (tally === undefined) continue;
    if (form === "trend" && isWithin(place, stretch, tallies.steps)) trend.set(place, trendValueOf(tally));
    else steps.set(place, tally.count === tallies.whole.count ? whole : tally.sum());
  }
  return { whole, trend, steps };
}

/** What a sum takes in memory, roughly. */
export function bytesOf({ whole, trend, steps }: StretchSum): number {
  let bytes = sizeOf(whole) + trend.size * ENTRY_BYTES;
  for (const sum of steps.values()) bytes += ENTRY_BYTES + (sum === whole ? 0 : sizeOf(sum));
  return bytes;
}

const ENTRY_BYTES = 40;
const OBJECT_BYTES = 500;
const sizeOf = ({ payload }: TallySum): number => payload.length + OBJECT_BYTES;

/** The places of the steps that a stretch has a part of. */
function placesIn({ fromSeconds, toSeconds }: Segment, { firstSeconds, stepSeconds }: Steps): number[] {
  const first = Math.floor((fromSeconds - firstSeconds) / stepSeconds);
  const end = Math.ceil((toSeconds - firstSeconds) / stepSeconds);
  return Array.from({ length: end - first }, (_, at) => first + at);
}

function isWithin(place: number, { fromSeconds, toSeconds }: Segment, { firstSeconds, stepSeconds }: Steps): boolean {
  const startSeconds = firstSeconds + place * stepSeconds;
  return startSeconds >= fromSeconds && startSeconds + stepSeconds <= toSeconds;
}
