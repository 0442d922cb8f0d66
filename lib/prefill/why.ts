/** What a sentence about a candidate is made from. */
export interface WhyFacts {
  visits: number;
  /** Hours in which those came. */
  hours: number;
  /** Hour of the day in UTC around which most visits come; null when there is none. */
  aroundHour: number | null;
  targetUs: number;
  /** Shares of cold and of warm visits above the target. */
  coldOver: number;
  warmOver: number;
  costUs: number;
}

/** Why a user is worth filling, in a sentence. */
export function why({ visits, hours, aroundHour, targetUs, coldOver, warmOver, costUs }: WhyFacts): string {
  const around = aroundHour === null ? "" : ` around ${String(aroundHour).padStart(2, "0")}:00 UTC`;
  const target = duration(targetUs);
  return (
    `${often(visits, hours)}${around}; ${percent(coldOver)} of cold visits exceed ${target}, ` +
    `${percent(warmOver)} of warm ones; a fill costs ${duration(costUs)}`
  );
}

/** Of less than a day, no rate by the day is told: who came four times at breakfast may come no more until tomorrow. */
function often(visits: number, hours: number): string {
  if (hours < 24)
    return `visited ${times(visits)} in ${hours < 2 ? `${Math.ceil(hours * 60)} min` : `${Math.round(hours)} h`}`;
  const daily = visits / (hours / 24);
  return daily < 0.1 ? "visits less than once in ten days" : `visits ${times(daily)} a day`;
}

function times(visits: number): string {
  const count = visits < 10 ? Number(visits.toFixed(1)) : Math.round(visits);
  return count === 1 ? "once" : `${count} times`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** In two significant digits: histograms know no more. */
function duration(us: number): string {
  const known = Number(us.toPrecision(2));
  if (known < 1_000) return `${known} µs`;
  return known < 1e6 ? `${known / 1_000} ms` : `${known / 1e6} s`;
}
