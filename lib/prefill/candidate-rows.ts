import { addPayload, newCounts, percentile } from "../histogram/index.ts";
import type { PrefillCandidate } from "../query/prefill-answers.ts";
import type { ProfileCursor } from "../store/profile-pack.ts";
import type { Outlook } from "./outlook.ts";
import type { Solution } from "./solve.ts";
import { why } from "./why.ts";

/** Users that an answer lists. */
export const MOST_LISTED = 1_000;

/** Candidates worth something, the most valuable first. */
export function byWorth({ aim }: Pick<Solution, "aim">): Int32Array {
  const { value } = aim.offers;
  const places = new Int32Array(value.length);
  let count = 0;
  for (let at = 0; at < value.length; at++) if (value[at]! > 0) places[count++] = at;
  return places.subarray(0, count).sort((a, b) => value[b]! - value[a]! || a - b);
}

/** What is shown of a candidate, but for its name and its last decision. */
export function candidateRow(
  outlook: Outlook,
  { aim, targetsUs }: Pick<Solution, "aim" | "targetsUs">,
  place: number,
): Omit<PrefillCandidate, "user" | "last"> {
  const { candidates, thresholds } = outlook.survey;
  const definition = candidates.definition[place]!;
  const { subject, hours } = outlook.known[definition]!;
  const profile = outlook.profileOf(place);
  const at = place * thresholds.us.length + aim.steps[definition]!;
  const misses = candidates.even[place]! + candidates.odd[place]!;
  const facts = {
    visits: visitsIn(profile),
    hours,
    aroundHour: hours < FEWEST_HOURS ? null : aroundHour(profile.hours),
    targetUs: targetsUs[definition]!,
    coldOver: misses === 0 ? 0 : (candidates.overEven[at]! + candidates.overOdd[at]!) / misses,
    warmOver: candidates.hitTail[at]!,
    costUs: candidates.costUs[place]!,
  };
  return {
    definition: subject.name,
    endpointId: subject.mainEndpointId,
    value: aim.offers.value[place]!,
    visitsPerDay: facts.visits / (Math.max(hours, 24) / 24),
    missP95Us: missP95(profile),
    fillCostUs: Math.round(facts.costUs),
    why: why(facts),
  };
}

function visitsIn({ hours }: ProfileCursor): number {
  let visits = 0;
  for (let at = 1; at < hours.length; at += 2) visits += hours[at]!;
  return visits;
}

const counts = newCounts();

function missP95({ missEven, missOdd }: ProfileCursor): number | null {
  counts.fill(0);
  for (const { bytes, start, end } of [missEven, missOdd]) addPayload(counts, bytes, start, end);
  return percentile(counts, 95);
}

/** Who was seen for less than this may seem to come at one hour only. */
const FEWEST_HOURS = 72;
/** Fewer visits tell no habit. */
const FEWEST_VISITS = 4;
const HABIT_SHARE = 0.5;

/** The hour of the day in UTC around which (an hour more or less) at least half of the visits come; `null` when there is none. */
export function aroundHour(hours: ArrayLike<number>): number | null {
  const days = new Float64Array(24);
  let all = 0;
  for (let at = 0; at < hours.length; at += 2) {
    days[hours[at]! % 24]! += hours[at + 1]!;
    all += hours[at + 1]!;
  }
  if (all < FEWEST_VISITS) return null;
  const around = (hour: number) => days[(hour + 23) % 24]! + days[hour]! + days[(hour + 1) % 24]!;
  let best = 0;
  for (let hour = 1; hour < 24; hour++)
    if (around(hour) > around(best) || (around(hour) === around(best) && days[hour]! > days[best]!)) best = hour;
  return around(best) >= all * HABIT_SHARE ? best : null;
}
