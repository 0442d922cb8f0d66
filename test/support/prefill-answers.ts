import { randomFrom } from "@/lib/demo/random";
import type {
  GroupLatency,
  PrefillCandidate,
  PrefillCandidatesAnswer,
  PrefillEffectAnswer,
  PrefillFrontierPoint,
  PrefillHistoryAnswer,
  PrefillSettingsAnswer,
  PrefillStep,
} from "@/lib/query/prefill-answers";

/** What the page "Prefill" may be told, drawn from a fixed seed: figures as they might be, in the shapes that they have. */
const PLACE = { service: "shop", environment: "production" };

export function settingsAnswer(
  changes: Partial<PrefillSettingsAnswer> = {},
  nowMs = Date.now(),
): PrefillSettingsAnswer {
  return {
    ...PLACE,
    mode: "observe",
    modeSince: new Date(nowMs - 7_200_000).toISOString(),
    goal: "slo",
    targetUs: 500_000,
    budgetSecondsPerHour: 60,
    withheldShare: 0.1,
    holdOutShare: 0.01,
    hitUs: null,
    concurrency: 2,
    foregroundP95Us: null,
    changedAt: new Date(nowMs - 7_200_000).toISOString(),
    changedBy: null,
    ...changes,
  };
}

/** p99 in µs at so many seconds of work an hour. */
const p99At = (work: number) => 330_000 + 1_980_000 * Math.exp(-work / 24);

export function frontier(most = 400, points = 40): PrefillFrontierPoint[] {
  return Array.from({ length: points + 1 }, (_, at) => {
    const work = most * (at / points) ** 2;
    const p99Us = Math.round(p99At(work));
    return {
      fillSecondsPerHour: work,
      p99Us,
      p99LowUs: Math.round(p99Us * 0.92),
      p99HighUs: Math.round(p99Us * 1.13),
      missesAvoidedPerDay: 1_900 * (1 - Math.exp(-work / 40)),
    };
  });
}

const DEFINITIONS = ["comment words", "feed"];

export function candidates(count: number, nowMs = Date.now()): PrefillCandidate[] {
  const next = randomFrom(7);
  return Array.from({ length: count }, (_, at) => {
    const visits = 0.2 + 6 * next();
    const cost = Math.round(200_000 + 2_200_000 * next());
    const hour = String(Math.floor(next() * 24)).padStart(2, "0");
    const cold = Math.round(70 + 29 * next());
    return {
      user: at % 19 === 7 ? `customer-${at}@a-rather-long-domain.example.test` : `u_${1 + Math.floor(next() * 9_000)}`,
      definition: DEFINITIONS[at % 3 === 1 ? 1 : 0]!,
      endpointId: 1 + (at % 2),
      value: 0.9 * Math.exp(-at / (count * 0.4)),
      visitsPerDay: visits,
      missP95Us: at % 23 === 5 ? null : Math.round(700_000 + 2_600_000 * next()),
      fillCostUs: cost,
      why: `visits ${visits.toFixed(1)} times a day around ${hour}:00 UTC; ${cold} % of cold visits exceed 500 ms, ${at % 4} % of warm ones; a fill costs ${(cost / 1e6).toFixed(1)} s`,
      last: lastOf(at, nowMs),
    };
  });
}

function lastOf(at: number, nowMs: number): PrefillCandidate["last"] {
  const time = new Date(nowMs - at * 431_000).toISOString();
  if (at % 5 === 4) return null;
  if (at % 9 === 3) return { at: time, arm: "withheld", fill: null, visit: "miss" };
  return { at: time, arm: "fill", fill: at % 11 === 6 ? "late" : "filled", visit: at % 4 === 2 ? null : "hit" };
}

export function candidatesAnswer(
  changes: Partial<PrefillCandidatesAnswer> = {},
  { count = 24, nowMs = Date.now() } = {},
): PrefillCandidatesAnswer {
  const budget = changes.budgetSecondsPerHour ?? 60;
  const after = p99At(budget);
  return {
    madeAt: new Date(nowMs - 20_000).toISOString(),
    range: { from: new Date(nowMs - 14 * 86_400_000).toISOString(), to: new Date(nowMs).toISOString() },
    basis: "definitions",
    goal: "slo",
    targetUs: 500_000,
    budgetSecondsPerHour: budget,
    missSecondsPerHour: 640,
    subjects: DEFINITIONS.map((name, at) => ({
      name,
      endpointId: at + 1,
      ttlSeconds: 900,
      targetUs: 500_000,
      assumedHitUs: null,
      candidates: Math.round(count / 2),
    })),
    candidates: candidates(count, nowMs),
    candidateCount: count,
    predicted: {
      p99BeforeUs: 2_310_000,
      p99AfterUs: Math.round(after),
      p99AfterLowUs: Math.round(after * 0.93),
      p99AfterHighUs: Math.round(after * 1.14),
      missesAvoidedPerDay: 1_900 * (1 - Math.exp(-budget / 40)),
      fillSecondsPerHour: budget * 0.97,
    },
    frontier: frontier(),
    tookMs: 41,
    ...changes,
  };
}

/** Before anything is defined: endpoints, with assumed hits. */
export function requestsAnswer(nowMs = Date.now()): PrefillCandidatesAnswer {
  const names = ["GET /users/:id/comments", "GET /feed", "GET /threads/:id"];
  return candidatesAnswer({
    basis: "requests",
    budgetSecondsPerHour: 160,
    candidates: candidates(24, nowMs).map((row, at) => ({ ...row, definition: names[at % 3]!, last: null })),
    subjects: names.map((name, at) => ({
      name,
      endpointId: at + 1,
      ttlSeconds: null,
      targetUs: 500_000,
      assumedHitUs: 9_000 + at * 4_000,
      candidates: 12 - 3 * at,
    })),
  });
}

const group = (count: number, users: number, us: [number, number]): GroupLatency => ({
  count,
  users,
  p50Us: us[0],
  p99Us: us[1],
});

export function effectAnswer(changes: Partial<PrefillEffectAnswer> = {}, nowMs = Date.now()): PrefillEffectAnswer {
  return {
    range: { from: new Date(nowMs - 7 * 86_400_000).toISOString(), to: new Date(nowMs).toISOString() },
    targetUs: 500_000,
    decisions: { fill: 2_480, withheld: 278, held_out: 29, observe: 611 },
    fills: { filled: 2_231, warm: 61, voided: 12, failed: 9, late: 52, dropped: 104, undelivered: 0 },
    used: 1_688,
    joined: 31,
    stale: 4,
    missed: 62,
    unused: 669,
    filled: { visits: 1_785, users: 612, over: 46 },
    withheld: { visits: 203, users: 166, over: 155 },
    difference: { estimate: 0.738, low: 0.672, high: 0.801 },
    missesAvoided: 1_317,
    fillSeconds: 3_240,
    secondsPerMissAvoided: 2.46,
    verdict: "works",
    neverSelected: { now: group(182_301, 3_120, [24_100, 611_000]), before: group(179_020, 3_088, [24_400, 602_000]) },
    heldOut: { heldOut: group(1_801, 41, [31_000, 2_210_000]), others: group(204_332, 4_019, [24_200, 540_000]) },
    reliability: Array.from({ length: 10 }, (_, at) => {
      const decisions = Math.round(40 + 420 * Math.exp(-(((at - 6.5) / 2) ** 2)));
      const said = (at + 0.5) / 10;
      return {
        from: at / 10,
        to: (at + 1) / 10,
        said,
        decisions,
        logged: decisions,
        visited: Math.round(decisions * said ** 1.08),
      };
    }),
    tookMs: 20,
    ...changes,
  };
}

export const nothingDone = (): Partial<PrefillEffectAnswer> => ({
  decisions: { fill: 0, withheld: 0, held_out: 0, observe: 0 },
  fills: { filled: 0, warm: 0, voided: 0, failed: 0, late: 0, dropped: 0, undelivered: 0 },
  used: 0,
  joined: 0,
  stale: 0,
  missed: 0,
  unused: 0,
  filled: { visits: 0, users: 0, over: 0 },
  withheld: { visits: 0, users: 0, over: 0 },
  difference: null,
  missesAvoided: 0,
  fillSeconds: 0,
  secondsPerMissAvoided: null,
  verdict: "too few",
  neverSelected: null,
  heldOut: null,
  reliability: [],
});

/** Steps of a minute up to now; filling is on from `fillsFor` minutes ago. */
export function historyAnswer(
  { minutes = 60, fillsFor = 40, nowMs = Date.now() } = {},
  changes: Partial<PrefillHistoryAnswer> = {},
): PrefillHistoryAnswer {
  const next = randomFrom(11);
  const end = Math.floor(nowMs / 60_000) * 60_000;
  const steps = Array.from({ length: minutes }, (_, at) =>
    stepAt(end - (minutes - at) * 60_000, { next, end, fillsFor }),
  );
  return {
    range: { from: new Date(end - minutes * 60_000).toISOString(), to: new Date(end).toISOString() },
    stepSeconds: 60,
    steps,
    incidents: [],
    tookMs: 12,
    ...changes,
  };
}

function stepAt(
  atMs: number,
  { next, end, fillsFor }: { next: () => number; end: number; fillsFor: number },
): PrefillStep {
  const fills = end - atMs <= fillsFor * 60_000;
  const gap = end - atMs === 30 * 60_000;
  const predicted = fills ? 520_000 : 2_310_000;
  const filled = fills && !gap ? Math.round(18 + 22 * next()) : 0;
  return {
    at: new Date(atMs).toISOString(),
    count: gap ? 0 : Math.round(300 + 90 * next()),
    p99Us: gap ? null : Math.round(predicted * (0.8 + 0.45 * next())),
    predictedUs: predicted,
    predictedLowUs: Math.round(predicted * 0.9),
    predictedHighUs: Math.round(predicted * 1.13),
    decisions: { fill: filled + 2, withheld: fills ? Math.round(4 * next()) : 0, held_out: 0, observe: fills ? 0 : 30 },
    fills: {
      filled,
      warm: fills ? Math.round(2 * next()) : 0,
      voided: 0,
      failed: fills && next() < 0.08 ? 1 : 0,
      late: fills ? Math.round(1.5 * next()) : 0,
      dropped: fills && next() < 0.15 ? 4 : 0,
      undelivered: 0,
    },
    used: Math.round(filled * 0.7),
    unused: Math.round(filled * 0.28),
    fillSeconds: filled * 0.03,
    budgetSeconds: fills ? 1 : null,
  };
}
