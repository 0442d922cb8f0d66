import { addRepeat, addSample, noRepeats, type Strategy, type TrialCells } from "@/lib/loading/index";
import type { RepeatReport, TrialReport } from "@/lib/wire/index";

export const HOUR = "2026-11-22T10:00:00.000Z";
export const CHILD = "select name from author where id = ?";

/** What an instance tells of requests that ran a statement once for each of so many rows. */
export function repeatsOf(sizes: number[], over: Partial<RepeatReport> = {}): RepeatReport {
  const sums = noRepeats();
  const flags = { changed: false, paused: false, parallel: false, failed: 0, latencyUs: 9_000 };
  for (const n of sizes)
    addRepeat(sums, { n, distinct: n, rows: n, busyUs: n * 500, ...flags }, [
      { fingerprint: "select * from post limit ?", op: "Post.findMany", rows: n, statements: 1 },
    ]);
  const { counts, saved, parents, ...flat } = sums;
  return {
    hour: HOUR,
    endpoint: "GET /feed",
    statement: CHILD,
    writes: false,
    list: false,
    op: "Author.findUnique",
    site: "src/feed.ts:12",
    fixes: { n_plus_one: "include: { author: true }", duplicates: "once" },
    ...flat,
    counts: [...counts],
    saved: [...saved],
    parents: parents.map(({ fingerprint: statement, op, ...rest }) => ({ ...rest, statement, op: op ?? null })),
    ...over,
  };
}

/** A trial in which one strategy takes so much longer. */
export function trialOf(requests: number, factor: number, over: Partial<TrialReport> = {}): TrialReport {
  const cells: TrialCells = [];
  const about = { size: 1, databaseUs: 100, statements: 2, records: 20, failed: false };
  for (let at = 0; at < requests; at++) {
    const assigned: Strategy = at % 2 === 0 ? "join" : "query";
    const durationUs = (1_000 + ((at * 37) % 500)) * (assigned === "join" ? factor : 1);
    addSample(cells, { ...about, assigned, ran: assigned, durationUs });
  }
  return {
    hour: HOUR,
    trial: "feed",
    op: "Post.findMany",
    endpoint: "GET /feed",
    stopped: null,
    checks: { same: 3, different: 0, skipped: 0 },
    cells: cells.map(({ durations, ...cell }) => ({ ...cell, durations: [...durations] })),
    ...over,
  };
}
