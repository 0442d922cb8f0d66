/** What a sentence about a candidate is made from. */
export interface WhyFacts {
  visitsPerDay: number;
  /** Hour of the day in UTC around which most visits come; null when there is none. */
  aroundHour: number | null;
  targetUs: number;
  /** Shares of cold and of warm visits above the target. */
  coldOver: number;
  warmOver: number;
  costUs: number;
}

/** Why a user is worth filling, in a sentence. */
export function why({ visitsPerDay, aroundHour, targetUs, coldOver, warmOver, costUs }: WhyFacts): string {
  const around = aroundHour === null ? "" : ` around ${String(aroundHour).padStart(2, "0")}:00 UTC`;
  const target = duration(targetUs);
  return (
    `visits ${perDay(visitsPerDay)}${around}; ${percent(coldOver)} of cold visits exceed ${target}, ` +
    `${percent(warmOver)} of warm ones; a fill costs ${duration(costUs)}`
  );
}

function perDay(visits: number): string {
  if (visits < 0.1) return "less than once in ten days";
  const count = visits < 10 ? Number(visits.toFixed(1)) : Math.round(visits);
  return count === 1 ? "once a day" : `${count} times a day`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function duration(us: number): string {
  if (us < 1_000) return `${Math.round(us)} µs`;
  if (us < 999_500) return `${Math.round(us / 1_000)} ms`;
  return `${Number((us / 1e6).toFixed(1))} s`;
}
