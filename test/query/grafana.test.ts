import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { GET } from "@/app/metrics/route";
import { createApiKey } from "@/lib/auth/api-keys";
import { Folder } from "@/lib/rollup/fold";
import { noteEnd, noteStart } from "@/lib/store/job-runs";
import { addRefusals } from "@/lib/store/losses";
import { ensurePartitions } from "@/lib/store/partitions";
import { ask, serverRoom } from "../auth/support/server-room.ts";
import { batchOf, endpointOf } from "../support/batches.ts";
import type { TestDatabase } from "../support/database.ts";
import { readExposition } from "../support/exposition.ts";
import { store } from "../support/stored.ts";

/** What of a dashboard this test knows. Grafana itself is not here to load it. */
interface Panel {
  id: number;
  type: string;
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  datasource?: { type: string; uid: string };
  targets?: { refId: string; expr: string; legendFormat: string; datasource: { type: string; uid: string } }[];
  fieldConfig?: { defaults: { unit: string }; overrides: unknown[] };
  panels?: unknown[];
}
interface Variable {
  name: string;
  type: string;
  query: string | { query: string };
}
const dashboard = JSON.parse(readFileSync("docs/grafana/tailfill.json", "utf8")) as {
  uid: string;
  title: string;
  schemaVersion: number;
  time: { from: string; to: string };
  panels: Panel[];
  templating: { list: Variable[] };
};

let room: TestDatabase;
/** The labels of every sample that `/metrics` has, by its name. */
const exposed = new Map<string, Set<string>>();

beforeAll(async () => {
  room = await serverRoom();
  const nowMs = Date.now();
  await ensurePartitions(room.db, nowMs);
  const window = { startMs: Math.floor(nowMs / 10_000) * 10_000 - 60_000, seconds: 10 };
  await store(room.db, batchOf({ window, endpoints: [endpointOf()], losses: new Map([["user_cap", 7]]) }));
  await new Folder(room.db).fold();
  await addRefusals(room.db, [{ atMs: nowMs, code: "not_a_batch", count: 1 }]);
  await noteStart(room.db, "fold", nowMs);
  await noteEnd(room.db, "fold", { startedMs: nowMs, endedMs: nowMs });
  const { key } = await createApiKey({ name: "prometheus", scopes: ["read"], createdBy: null }, room.db);
  const answer = await GET(ask("/metrics", { headers: { authorization: `Bearer ${key}` } }), {});
  for (const { samples } of readExposition(await answer.text(), "prometheus").values())
    for (const { name, labels } of samples)
      exposed.set(name, new Set([...(exposed.get(name) ?? []), ...Object.keys(labels)]));
});
afterAll(() => room.drop());

/** The metrics of an expression with the labels that it asks of each, and the labels that it groups by. */
function partsOf(expr: string) {
  const metrics = [...expr.matchAll(/([a-z_][a-z0-9_]*)\{([^}]*)\}/g)].map(([, name, matchers]) => ({
    name: name!,
    labels: [...matchers!.matchAll(/([a-z_]+)\s*(?:=~|!~|!=|=)/g)].map(([, label]) => label!),
  }));
  const grouped = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list]) =>
    list!.split(",").map((one) => one.trim()),
  );
  return { metrics, grouped };
}

const charts = dashboard.panels.filter(({ type }) => type !== "row");
const expressions = charts.flatMap(({ title, targets }) =>
  targets!.map(({ expr, legendFormat }) => ({ title, expr, legendFormat })),
);

describe("what the dashboard asks", () => {
  test.each(expressions)("$title: each metric and label is exposed", ({ expr, legendFormat }) => {
    const { metrics, grouped } = partsOf(expr);
    expect(metrics.length).toBeGreaterThan(0);
    for (const { name, labels } of metrics) {
      expect([name, exposed.has(name)]).toEqual([name, true]);
      for (const label of [...labels, ...grouped])
        expect([name, label, exposed.get(name)!.has(label)]).toEqual([name, label, true]);
    }
    for (const [, label] of legendFormat.matchAll(/\{\{(\w+)\}\}/g)) expect(grouped).toContain(label);
    // Whatever is named like one of ours, in a place that `partsOf` does not see.
    for (const [name] of expr.matchAll(/\b(?:tailfill|http_server)_\w+/g)) expect(exposed.has(name)).toBe(true);
    expect(expr.split("(").length).toBe(expr.split(")").length);
  });

  test("counters are rated, gauges are not, and variables are those that there are", () => {
    const known = new Set(dashboard.templating.list.map(({ name }) => name));
    for (const { expr } of expressions) {
      for (const [, before, name] of expr.matchAll(/(\w+)?\(?(tailfill_\w+_total|http_server\w+)\{/g))
        expect([name, before]).toEqual([name, expect.stringMatching(/^(rate|increase)$/)]);
      for (const [, name] of expr.matchAll(/\$([a-z]\w*)/g)) expect([name, known.has(name!)]).toEqual([name, true]);
    }
  });

  test("what one chooses by are labels that are exposed", () => {
    const queries = dashboard.templating.list.filter(({ type }) => type === "query");
    expect(queries.map(({ name }) => name)).toEqual(["service", "environment", "route"]);
    for (const { query } of queries) {
      const text = typeof query === "string" ? query : query.query;
      const [, metric, label] = /^label_values\((\w+)(?:\{[^}]*\})?, (\w+)\)$/.exec(text)!;
      expect([metric, exposed.get(metric!)?.has(label!)]).toEqual([metric, true]);
    }
  });

  test("is request rate, percentiles, errors and a heat map", () => {
    const asked = expressions.map(({ expr }) => expr).join("\n");
    for (const part of ["rate(tailfill_requests_total", "percentile_seconds", 'outcome="server_error"', "_bucket"])
      expect(asked).toContain(part);
    expect(charts.map(({ type }) => type)).toContain("heatmap");
  });
});

describe("its shape", () => {
  test("is a dashboard that can be imported", () => {
    expect(dashboard).toMatchObject({ uid: "tailfill", title: "tailfill", schemaVersion: 39, time: { to: "now" } });
    expect(dashboard).not.toHaveProperty("id"); // Grafana gives it one
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    expect(dashboard.templating.list[0]).toMatchObject({ name: "datasource", type: "datasource", query: "prometheus" });
  });

  test("every panel has a unit, a question, and the data source that was chosen", () => {
    for (const { title, targets, fieldConfig, datasource } of charts) {
      const own = { type: "prometheus", uid: "${datasource}" };
      expect([title, datasource]).toEqual([title, own]);
      expect(targets!.map(({ refId }) => refId)).toEqual(["A", "B"].slice(0, targets!.length));
      for (const target of targets!) expect(target.datasource).toEqual(own);
      expect(fieldConfig!.defaults.unit).toMatch(/^(s|reqps|percentunit|cps|short)$/);
    }
  });

  test("panels lie within the grid, and on none of the others", () => {
    const taken = new Set<string>();
    for (const { title, gridPos } of dashboard.panels) {
      const { x, y, w, h } = gridPos;
      expect([title, x >= 0 && w > 0 && h > 0 && x + w <= 24]).toEqual([title, true]);
      for (let column = x; column < x + w; column++)
        for (let row = y; row < y + h; row++) {
          const cell = `${column} ${row}`;
          expect([title, cell, taken.has(cell)]).toEqual([title, cell, false]);
          taken.add(cell);
        }
    }
  });
});
