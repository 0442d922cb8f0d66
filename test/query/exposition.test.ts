import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { GET } from "@/app/metrics/route";
import { createApiKey } from "@/lib/auth/api-keys";
import { Folder } from "@/lib/rollup/fold";
import { rollUp } from "@/lib/rollup/roll-up";
import { noteEnd, noteStart } from "@/lib/store/job-runs";
import { addRefusals } from "@/lib/store/losses";
import { dropExpired, ensurePartitions } from "@/lib/store/partitions";
import { removeExpired } from "@/lib/rollup/retention";
import { OUTCOMES } from "@/lib/wire/index";
import { ask, serverRoom } from "../auth/support/server-room.ts";
import { batchOf, endpointOf, payloadOf } from "../support/batches.ts";
import type { TestDatabase } from "../support/database.ts";
import { readExposition, valueOf } from "../support/exposition.ts";
import { testServer } from "../support/server.ts";
import { store } from "../support/stored.ts";
import { until } from "../support/until.ts";

const DAY = 86_400_000;
let room: TestDatabase;
let key: string;

beforeAll(async () => {
  room = await serverRoom();
  key = (await createApiKey({ name: "prometheus", scopes: ["read"], createdBy: null }, room.db)).key;
});
afterAll(() => room.drop());

const answer = (query = "", headers: Record<string, string> = {}) =>
  GET(ask(`/metrics${query}`, { headers: { authorization: `Bearer ${key}`, ...headers } }), {});

async function metrics(query = "") {
  return readExposition(await (await answer(query)).text(), "prometheus");
}

const SERVICE = 'shop "one"';
const ROUTE = "/a\\b/:id";
const labels = {
  service_name: SERVICE,
  deployment_environment_name: "production",
  http_request_method: "GET",
  http_route: ROUTE,
};
/** Latencies all over the range, some at the very edges of buckets. */
const LATENCIES = [1, 510, 511, 512, 767, 768, 1_023, 1_024, 5_000, 99_999, 131_071, 131_072, 8e6, 67_108_863, 3.6e9];

describe("what is told", () => {
  const nowMs = Date.now();
  const startMs = Math.floor(nowMs / 10_000) * 10_000 - 60_000;

  beforeAll(async () => {
    await ensurePartitions(room.db, nowMs);
    const outcomes = { ok: payloadOf(...LATENCIES), server_error: payloadOf(2e6, 3e6), aborted: payloadOf(9e6) };
    const endpoints = [endpointOf({ route: ROUTE, outcomes, users: [] })];
    const window = { startMs, seconds: 10 };
    await store(room.db, batchOf({ service: SERVICE, window, endpoints, losses: new Map([["user_cap", 7]]) }));
    await store(room.db, batchOf({ service: "other", window, endpoints: [endpointOf()] }));
    await new Folder(room.db).fold();
    await addRefusals(room.db, [{ atMs: nowMs, code: "not_a_batch", count: 4 }]);
    await noteStart(room.db, "fold", nowMs - 5_000);
    await noteEnd(room.db, "fold", { startedMs: nowMs - 5_000, endedMs: nowMs - 3_000 });
  });

  test("buckets count exactly what took so long, whatever their number", async () => {
    const all = [...LATENCIES, 2e6, 3e6, 9e6];
    for (const perDoubling of [1, 2, 4]) {
      const families = await metrics(`?buckets=${perDoubling}`);
      const buckets = families
        .get("http_server_request_duration_seconds")!
        .samples.filter(({ name, labels: own }) => name.endsWith("_bucket") && own["http_route"] === ROUTE);
      expect(buckets).toHaveLength(17 * perDoubling + 2);
      for (const { labels: own, value } of buckets) {
        const le = own["le"] === "+Inf" ? Infinity : Math.round(Number(own["le"]) * 1e6);
        expect([le, value]).toEqual([le, all.filter((us) => us <= le).length]);
      }
      const sum = valueOf(families, "http_server_request_duration_seconds_sum", labels);
      expect(Math.abs(sum / (all.reduce((total, us) => total + us, 0) / 1e6) - 1)).toBeLessThan(0.005);
    }
    expect((await metrics("?buckets=0")).has("http_server_request_duration_seconds")).toBe(false);
  });

  test("counts by outcome, and outcomes that never came as zero", async () => {
    const families = await metrics();
    const counts = OUTCOMES.map((outcome) => valueOf(families, "tailfill_requests_total", { ...labels, outcome }));
    expect(counts).toEqual([LATENCIES.length, 0, 2, 1]);
  });

  test("percentiles of the last closed 5 minutes, of endpoints and services, with their n", async () => {
    const families = await metrics();
    const percentiles = ["50", "95", "99", "99.9"].map((percentile) =>
      valueOf(families, "tailfill_request_duration_percentile_seconds", { ...labels, percentile, window: "5m" }),
    );
    const sorted = [...LATENCIES, 2e6, 3e6, 9e6].sort((a, b) => a - b);
    for (const [at, q] of [0.5, 0.95, 0.99, 0.999].entries()) {
      const exact = sorted[Math.ceil(q * sorted.length) - 1]! / 1e6;
      expect(Math.abs(percentiles[at]! / exact - 1)).toBeLessThan(0.01);
    }
    expect(valueOf(families, "tailfill_window_requests", labels)).toBe(sorted.length);
    const service = { service_name: "other" };
    expect(valueOf(families, "tailfill_service_window_requests", service)).toBe(1);
    const end = valueOf(families, "tailfill_window_end_timestamp_seconds", {});
    expect(end % 10).toBe(0);
    expect(Date.now() / 1_000 - end).toBeLessThan(30);
  });

  test("losses, refusals, and how tailfill itself is doing", async () => {
    const families = await metrics();
    expect(valueOf(families, "tailfill_losses_total", { service_name: SERVICE, reason: "user_cap" })).toBe(7);
    expect(valueOf(families, "tailfill_refused_requests_total", { code: "not_a_batch" })).toBe(4);
    expect(valueOf(families, "tailfill_waiting_batches", {})).toBe(0);
    expect(valueOf(families, "tailfill_job_runs_total", { job_name: "fold" })).toBe(1);
    expect(valueOf(families, "tailfill_job_failures_total", { job_name: "fold" })).toBe(0);
    expect(valueOf(families, "tailfill_job_last_duration_seconds", { job_name: "fold" })).toBe(2);
    expect(valueOf(families, "tailfill_job_healthy", { job_name: "retention" })).toBe(0);
    await store(room.db, batchOf({ service: "late", window: { startMs, seconds: 10 } }));
    const behind = await metrics();
    expect(valueOf(behind, "tailfill_waiting_batches", {})).toBe(1);
    await new Folder(room.db).fold();
  });

  test("only of the service and environment asked for", async () => {
    const services = async (query: string) =>
      new Set((await metrics(query)).get("tailfill_requests_total")!.samples.map((one) => one.labels["service_name"]));
    expect(await services("?service=other")).toEqual(new Set(["other"]));
    expect(await services("?environment=staging")).toEqual(new Set());
    expect((await answer("?service=a&nonsense=1")).status).toBe(400);
    expect((await answer("?buckets=3")).status).toBe(400);
  });

  test("as OpenMetrics when that is asked for", async () => {
    const openmetrics = await answer("", { accept: "application/openmetrics-text;version=1.0.0" });
    expect(openmetrics.headers.get("content-type")).toBe("application/openmetrics-text; version=1.0.0; charset=utf-8");
    const families = readExposition(await openmetrics.text(), "openmetrics");
    const created = valueOf(families, "http_server_request_duration_seconds_created", labels);
    expect(Math.abs(created - Date.now() / 1_000)).toBeLessThan(600);
    const plain = await answer();
    expect(plain.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    await plain.text();
  });
});

describe("counters", () => {
  /** Everything that is a counter or part of a histogram, by name and labels. */
  async function counters(query: string) {
    const families = [...(await metrics(query)).values()].filter(({ type }) => type !== "gauge");
    return new Map(
      families.flatMap(({ samples }) => samples.map((one) => [JSON.stringify([one.name, one.labels]), one.value])),
    );
  }

  test("never go down, however windows are rolled up, expire and are dropped", async () => {
    const query = "?service=old&buckets=1";
    const beginMs = Date.parse("2030-01-01T00:00:00Z");
    let before = new Map<string, number>();
    let sent = 0;
    for (const day of [0, 1, 3, 20, 45, 200, 430, 900]) {
      const nowMs = beginMs + day * DAY;
      await ensurePartitions(room.db, nowMs);
      for (let n = 0; n < 12; n++) {
        const window = { startMs: nowMs - n * 600_000, seconds: 10 };
        const outcomes = { ok: payloadOf(1_000 * (n + 1)), client_error: payloadOf(700) };
        const losses = new Map([["user_cap", 2]]);
        await store(
          room.db,
          batchOf({ service: "old", window, losses, endpoints: [endpointOf({ outcomes, users: [] })] }),
        );
        sent += 2;
        if (n % 5 === 4) await new Folder(room.db).fold();
      }
      await new Folder(room.db).fold();
      for (const later of [0, 60_000, DAY, 5 * DAY]) {
        await rollUp(room.db, nowMs + later);
        const now = await counters(query);
        for (const [name, value] of before) expect([name, now.get(name)! >= value]).toEqual([name, true]);
        before = now;
      }
      await removeExpired(room.db, nowMs);
      expect(await counters(query)).toEqual(before);
    }
    await dropExpired(room.db, beginMs + 2_000 * DAY);
    const [row] = await room.db.$queryRaw<{ left: number }[]>`
      SELECT count(*)::int AS left FROM endpoint_window_1h w JOIN endpoint e ON e.id = w.endpoint_id
      JOIN service s ON s.id = e.service_id WHERE s.name = 'old'`;
    expect(row!.left).toBe(0);
    const families = await metrics(query);
    expect(valueOf(families, "http_server_request_duration_seconds_count", { service_name: "old" })).toBe(sent);
    expect(valueOf(families, "tailfill_losses_total", { service_name: "old" })).toBe(8 * 12 * 2);
    const [total] = await room.db.$queryRaw<{ parts: number }[]>`
      SELECT count(*)::int AS parts FROM endpoint_total t JOIN endpoint e ON e.id = t.endpoint_id
      JOIN service s ON s.id = e.service_id WHERE s.name = 'old' AND NOT e.total`;
    expect(total!.parts).toBeLessThan(20); // they are made one, as parts of windows are
  }, 300_000);
});

describe("a thousand endpoints", () => {
  test("are told in far less than the time that a scrape may take", async () => {
    const startMs = Math.floor(Date.now() / 10_000) * 10_000 - 60_000;
    await ensurePartitions(room.db, Date.now());
    for (let batch = 0; batch < 10; batch++) {
      const endpoints = Array.from({ length: 100 }, (_, n) =>
        endpointOf({
          route: `/part-${batch}/thing-${n}/:id`,
          outcomes: { ok: payloadOf(...Array.from({ length: 300 }, (__, at) => 800 * 1.02 ** at + n)) },
          users: [],
        }),
      );
      await store(room.db, batchOf({ service: "large", window: { startMs, seconds: 10 }, endpoints }));
    }
    await new Folder(room.db).fold();
    const begun = performance.now();
    const text = await (await answer("?service=large")).text();
    const tookMs = performance.now() - begun;
    const families = readExposition(text, "prometheus");
    expect(valueOf(families, "tailfill_exposed_endpoints", {})).toBe(1_000);
    expect(valueOf(families, "tailfill_cut_endpoints", {})).toBe(0);
    expect(families.get("tailfill_requests_total")!.samples).toHaveLength(4_000);
    expect(text.length).toBeLessThan(12e6);
    expect(tookMs).toBeLessThan(5_000); // a scrape gives up after 10 s
    if (process.env["TOLD"]) console.log({ tookMs, bytes: text.length });
  });
});

const installed = (command: string) => spawnSync(command, ["--version"]).status === 0;
const withPromtool = installed("promtool") ? test : test.skip;
const withPrometheus = installed("prometheus") ? test : test.skip;
if (!installed("promtool")) console.log("left out: promtool is not installed, so that metrics are not checked by it");
if (!installed("prometheus")) console.log("left out: prometheus is not installed, so that none scrapes the metrics");

withPromtool("promtool finds nothing wrong", async () => {
  const input = await (await answer("?service=other")).text();
  const { stdout, stderr, status } = spawnSync("promtool", ["check", "metrics"], { input, encoding: "utf8" });
  expect([status, stdout, stderr]).toEqual([0, "", ""]);
});

withPrometheus("a real Prometheus scrapes it", async () => {
  const server = await testServer();
  const folder = mkdtempSync(join(tmpdir(), "prometheus-"));
  const target = new URL(server.url).host;
  const credentials = await server.key("read");
  writeFileSync(
    join(folder, "prometheus.yml"),
    `scrape_configs: [{job_name: tailfill, scrape_interval: 1s, scrape_timeout: 1s, authorization: {credentials: ${credentials}}, static_configs: [{targets: ["${target}"]}]}]`,
  );
  const flags = [`--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`];
  const prometheus = spawn("prometheus", [...flags, "--web.listen-address=127.0.0.1:9099"], { stdio: "ignore" });
  try {
    await until("the target is up", async () => {
      const found = await fetch("http://127.0.0.1:9099/api/v1/query?query=tailfill_build_info").catch(() => null);
      return found !== null && (await found.text()).includes('"version"');
    });
  } finally {
    prometheus.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
    await server.stop();
  }
});
