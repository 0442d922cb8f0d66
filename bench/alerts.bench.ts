import { alertRound } from "../lib/alerts/round.ts";
import { createRule } from "../lib/alerts/rules.ts";
import { encodePayload, indexOf, newCounts, type Payload } from "../lib/histogram/index.ts";
import type { Db } from "../lib/store/db.ts";
import { packEndpoint } from "../lib/store/endpoint-pack.ts";
import { type Kill, saveKills } from "../lib/store/insight-kills.ts";
import { ensurePartitions } from "../lib/store/partitions.ts";
import { ENDPOINT_TIERS, type Tier } from "../lib/store/tiers.ts";
import { type EndpointPart, insertEndpointParts } from "../lib/store/window-parts.ts";
import { uuid7 } from "../lib/store/uuid7.ts";
import { benchDatabase } from "./query-database.ts";
import { median, type Row } from "./rounds.ts";
import { latencies } from "./samples.ts";

const ENDPOINTS = 1_000;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
/** A whole hour and a bit, so that every tier has an open span. */
const NOW = Date.parse("2026-11-23T12:34:10Z");
const ROUNDS = 7;

/** Windows that differ: drawing each anew would take minutes. */
const stock = (samples: number, times: number, seed: number): Payload => {
  const counts = newCounts();
  for (const us of latencies(samples, "lognormal", seed)) counts[indexOf(Math.min(3.6e9, us * times))]! += 1;
  return encodePayload(counts);
};

/** Parts as folds and roll-ups leave them: settled spans one part each; of the last, a rolled one and up to eight single windows. */
function partsOf(
  tier: Tier,
  ids: readonly number[],
  { fromMs, toMs, samples }: { fromMs: number; toMs: number; samples: number },
) {
  const [span, width] = [tier.spanSeconds * SECOND, tier.windowSeconds * SECOND];
  const ok = Array.from({ length: 8 }, (_, seed) => stock(samples, 1, seed + 1));
  const errors = Array.from({ length: 8 }, (_, seed) => stock(Math.max(1, samples / 500), 1, seed + 9));
  const parts: EndpointPart[] = [];
  for (const endpointId of ids)
    for (let startMs = Math.floor(fromMs / span) * span; startMs < toMs; startMs += span) {
      const offsets = Array.from({ length: span / width }, (_, offset) => offset).filter(
        (n) => startMs + n * width < toMs,
      );
      const windows = offsets.flatMap((offset) => [
        { offset, outcome: 0, payload: ok[(offset + endpointId) % 8]! },
        { offset, outcome: 2, payload: errors[(offset + endpointId) % 8]! },
      ]);
      const isOpen = tier === ENDPOINT_TIERS[0] && startMs + span > toMs;
      const settled = isOpen ? windows.slice(0, -16) : windows;
      parts.push({ endpointId, startMs, rolled: true, payload: packEndpoint(settled) });
      for (let at = settled.length; at < windows.length; at += 2)
        parts.push({ endpointId, startMs, rolled: false, payload: packEndpoint(windows.slice(at, at + 2)) });
    }
  return parts;
}

async function makeEndpoints(db: Db): Promise<void> {
  for (let at = NOW - WEEK - DAY; at <= NOW; at += DAY) await ensurePartitions(db, at);
  const { id: serviceId } = await db.service.create({ data: { name: "shop" } });
  const common = { serviceId, environment: "production", method: "GET" };
  await db.endpoint.create({ data: { ...common, method: "", route: "", total: true } });
  const routes = Array.from({ length: ENDPOINTS }, (_, n) => ({ ...common, route: `/part-${n}/:id` }));
  const ids = (await db.endpoint.createManyAndReturn({ data: routes, select: { id: true } })).map(({ id }) => id);
  const [tens, minutes, hours] = ENDPOINT_TIERS;
  await insertEndpointParts(db, tens, partsOf(tens, ids, { fromMs: NOW - HOUR, toMs: NOW, samples: 30 }));
  await insertEndpointParts(
    db,
    minutes,
    partsOf(minutes, ids, { fromMs: NOW - 8 * HOUR, toMs: NOW - HOUR, samples: 180 }),
  );
  await insertEndpointParts(
    db,
    minutes,
    partsOf(minutes, ids, { fromMs: NOW - WEEK - 2 * HOUR, toMs: NOW - WEEK, samples: 180 }),
  );
  await insertEndpointParts(
    db,
    hours,
    partsOf(hours, ids, { fromMs: NOW - 4 * DAY, toMs: NOW - 6 * HOUR, samples: 9_000 }),
  );
  await db.$executeRaw`ANALYZE`;
}

/** A rule for each endpoint, of every kind that windows answer, as a team would have them. */
function ruleFor(place: number, thresholdUs: number): object {
  const scope = { name: `rule ${place}`, service: "shop", environment: "production" };
  const common = { ...scope, endpoint: { method: "GET", route: `/part-${place}/:id` } };
  const percentile = { ...common, kind: "percentile", percentile: 99, thresholdUs, windowSeconds: 300 };
  const kinds = [
    percentile,
    { ...percentile, percentile: 90 },
    { ...percentile, percentile: 99.9 },
    { ...percentile, windowSeconds: 120 },
    { ...percentile, thresholdUs: 2 * thresholdUs },
    { ...percentile, percentile: 95, windowSeconds: 600 },
    { ...common, kind: "error_rate", thresholdShare: 0.05 },
    { ...common, kind: "burn_rate", objective: 0.99 },
    { ...common, kind: "traffic", direction: "drop", changeShare: 0.9, windowSeconds: 1_800 },
    { ...common, kind: "silence" },
  ];
  return kinds[place % kinds.length]!;
}

/** As many kills of one service as the server keeps of a day: each endpoint had some. */
const KILLS = 10_000;

async function makeKills(db: Db): Promise<void> {
  const { id } = await db.endpoint.findFirstOrThrow({ where: { total: true } });
  const kills = Array.from({ length: KILLS }, (_, place): Kill => ({
    id: uuid7(NOW - DAY + Math.floor((place * DAY) / KILLS)),
    action: "cancel",
    pid: place,
    ageMs: 21_000,
    applicationName: "shop",
    endpoint: `GET /part-${place % ENDPOINTS}/:id`,
    op: null,
    statementId: "00000000000000aa",
    reason: "over_limit",
    detail: "it ran longer than the limit",
    rule: "over 20s",
    waitEvent: null,
    outcome: "ended",
    afterMs: 5,
  }));
  await saveKills(db, id, kills);
}

/** About what guards stopped within a day: every other one of an endpoint, the others of the whole service. */
function stoppedRuleFor(place: number): object {
  const scope = { name: `stopped ${place}`, service: "shop", environment: "production" };
  const endpoint = place % 2 === 0 ? { endpoint: { method: "GET", route: `/part-${place}/:id` } } : {};
  return { ...scope, ...endpoint, kind: "stopped_queries", thresholdCount: 10_000, windowSeconds: 86_400 };
}

/** Worker time and wall time of a round, ms. The database is another process: its part is in the wall time. */
async function timed(db: Db, nowMs: number): Promise<{ cpuMs: number; wallMs: number }> {
  const [cpu, started] = [process.cpuUsage(), performance.now()];
  await alertRound(db, { nowMs, stop: () => false, publicUrl: "https://tailfill.example" });
  const { user, system } = process.cpuUsage(cpu);
  return { cpuMs: (user + system) / 1_000, wallMs: performance.now() - started };
}

async function measure(db: Db, name: string, fromMs: number): Promise<Row> {
  const times = [];
  for (let round = 0; round < ROUNDS; round++) times.push(await timed(db, fromMs + round * 10 * SECOND));
  const rounded = (list: number[], of: (list: number[]) => number) => Math.round(of(list));
  const [cpu, wall] = [times.map(({ cpuMs }) => cpuMs), times.map(({ wallMs }) => wallMs)];
  return {
    [`${ENDPOINTS} endpoints, ms a round`]: name,
    "worker CPU, median": rounded(cpu, median),
    "worker CPU, longest": rounded(cpu, (list) => Math.max(...list)),
    "wall, median": rounded(wall, median),
    "wall, longest": rounded(wall, (list) => Math.max(...list)),
    target: 5_000,
  };
}

async function replaceRules(db: Db, rules: readonly object[]): Promise<void> {
  await db.$executeRaw`TRUNCATE alert_rule, alert_series, alert_incident, alert_member, alert_timeline, alert_event`;
  await db.$executeRaw`UPDATE alert_clock SET evaluated_at = NULL, ran_at = NULL`;
  for (const rule of rules) await createRule(db, rule, { nowMs: NOW, by: null });
}

export default async function bench(): Promise<Row[]> {
  const { db, stop } = await benchDatabase();
  try {
    await makeEndpoints(db);
    const all = (thresholdUs: number) => Array.from({ length: ENDPOINTS }, (_, place) => ruleFor(place, thresholdUs));
    await replaceRules(db, all(10_000_000));
    const rows = [await measure(db, "1,000 rules of six kinds, all well", NOW + 12 * SECOND)];
    await replaceRules(db, all(1_000));
    rows.push(await measure(db, "the same, 600 fire at once, an incident each", NOW + 12 * SECOND));
    const pattern = { name: "all", kind: "percentile", service: "shop", environment: "production", endpoints: "GET *" };
    await replaceRules(db, [{ ...pattern, percentile: 99, thresholdUs: 1_000 }]);
    rows.push(await measure(db, "one rule for all, which all fire: one incident", NOW + 12 * SECOND));
    const same = Array.from({ length: ENDPOINTS }, (_, place) => ({
      ...ruleFor(0, 10_000_000 + place),
      name: `same ${place}`,
    }));
    await replaceRules(db, same);
    rows.push(await measure(db, "1,000 rules about one endpoint", NOW + 12 * SECOND));
    await makeKills(db);
    await replaceRules(
      db,
      Array.from({ length: ENDPOINTS }, (_, place) => stoppedRuleFor(place)),
    );
    rows.push(await measure(db, "1,000 rules about stopped queries, 10,000 of them in a day", NOW + 12 * SECOND));
    return rows;
  } finally {
    await stop();
  }
}
