import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Folder } from "@/lib/rollup/fold";
import { ensurePartitions } from "@/lib/store/partitions";
import {
  DATABASE_METHOD,
  databaseRoute,
  OTHER_STATEMENTS_ID,
  REST_METHOD,
  STATEMENT_METHOD,
  statementRoute,
  STATEMENTS_METHOD,
} from "@/lib/wire/index";
import { batchOf, endpointOf, payloadOf } from "../support/batches.ts";
import { insightIngested, killAt, requestAt, stopAt } from "../support/insight.ts";
import { repeatsOf, trialOf } from "../support/loading.ts";
import { room, type Room } from "../support/room.ts";
import { store } from "../support/stored.ts";

// An app that tells of its database, another that does not, and a guard that stopped something.
const LONG = "00000000000000aa";
const STRANGE = "00000000000000bb";
const LONG_TEXT = `select ${Array.from({ length: 60 }, (_, n) => `column_${n}`).join(", ")} from report where id = ?`;

let shop: Room;
let endpointId: number;
const hourOf = (ms: number) => new Date(Math.floor(ms / 3_600_000) * 3_600_000).toISOString();
const many = (us: number) => Array.from({ length: 1_200 }, () => us);

beforeAll(async () => {
  shop = await room(async ({ db }) => {
    const nowMs = Date.now();
    await ensurePartitions(db, nowMs);
    const endpoint = databaseRoute({ method: "GET", route: "/report" });
    const series = (method: string, route: string, ...us: number[]) =>
      endpointOf({ method, route, outcomes: { ok: payloadOf(...us) }, users: [] });
    const startMs = Math.floor(nowMs / 10_000) * 10_000 - 60_000;
    const endpoints = [
      series("GET", "/report", ...many(40_000)),
      series("GET", "/plain", 1_000),
      series(DATABASE_METHOD, endpoint, ...many(30_000)),
      series(REST_METHOD, endpoint, ...many(10_000)),
      series(STATEMENTS_METHOD, endpoint, ...many(3)),
      series(STATEMENT_METHOD, statementRoute(LONG, endpoint), ...many(20_000)),
      series(STATEMENT_METHOD, statementRoute(STRANGE, endpoint), 5_000),
      series(STATEMENT_METHOD, statementRoute(OTHER_STATEMENTS_ID, endpoint), 500),
    ];
    await store(db, batchOf({ window: { startMs, seconds: 10 }, endpoints }));
    await store(db, batchOf({ service: "quiet", window: { startMs, seconds: 10 } }));
    await new Folder(db).fold();
    await insightIngested(db, nowMs, {
      statements: [
        { id: LONG, text: LONG_TEXT },
        { id: STRANGE, text: "select '<script>alert(1)</script>', '\u202Eevil' from t" },
      ],
      repeats: [repeatsOf([1, 5, 9, 13, 2, 6, 8, 20, 7, 11], { hour: hourOf(nowMs), endpoint: "GET /report" })],
      trials: [trialOf(1_200, 2, { hour: hourOf(nowMs), endpoint: "GET /report" })],
      stops: [
        stopAt(nowMs - 39_900),
        stopAt(nowMs - 15_000, { by: "timeout", budgetMs: 2_000, durationUs: 2_010_000, user: "bob", traceId: null }),
      ],
      requests: [
        requestAt(nowMs - 45_000),
        requestAt(nowMs - 44_000, { user: "<b>eve</b>", latencyUs: 2_000_000, outcome: "server_error" }),
      ],
      kills: [
        killAt(nowMs - 50_000, { action: "would_cancel", outcome: "ended", afterMs: 30_000 }),
        killAt(nowMs - 40_000, { outcome: "ended", afterMs: 12 }),
        killAt(nowMs - 30_000, { outcome: "gone", afterMs: 0 }),
        killAt(nowMs - 20_000, {
          action: "spare",
          reason: "write",
          detail: "it writes",
          endpoint: null,
          waitEvent: "IO/DataFileRead",
        }),
      ],
    });
    endpointId = (await db.endpoint.findFirstOrThrow({ where: { method: "GET", route: "/report" } })).id;
  });
}, 300_000);

afterAll(() => shop?.stop(), 60_000);

const IN_SHOP = "?service=shop&environment=production";

describe.each([
  ["wide", { viewport: { width: 1400, height: 900 } }],
  ["narrow", { viewport: { width: 360, height: 780 } }],
  ["dark", { colorScheme: "dark" as const }],
])("%s", (look, options) => {
  test("an endpoint's page shows its database against the rest, and its statements", () =>
    shop.at(
      `/endpoints/${endpointId}`,
      async ({ page, screenshot }) => {
        const times = page.getByRole("table", { name: "Time by percentile" });
        await times.waitFor();
        await screenshot(`queries-endpoint-${look}`);
        expect(await times.getByRole("row", { name: /^Database/ }).innerText()).toContain("75");
        expect(await times.getByRole("row", { name: /^Statements/ }).innerText()).toContain("3");
        await page.getByRole("img", { name: /Mean time of GET \/report at its databases/ }).waitFor();
        const statements = page.getByRole("table", { name: "Statements of this endpoint" });
        expect(await statements.getByRole("row").count()).toBe(4);
        expect(await statements.innerText()).toContain("all other statements");
        const slowest = page.getByRole("table", { name: "Slowest requests, and what their time went to" });
        const [first, second] = (await slowest.getByRole("row").allInnerTexts()).slice(1);
        for (const said of ["2.00 s", "<b>eve</b>", "server error", "45 %"])
          expect(first!.replaceAll("\u00a0", " ")).toContain(said);
        expect(second).toContain("ada");
        expect(await overflow(page)).toBe(0);
      },
      options,
    ));

  test("the statements of a service come by time, lead to their endpoint, and are shown whole when asked", () =>
    shop.at(
      `/queries${IN_SHOP}`,
      async ({ page, screenshot }) => {
        const table = page.getByRole("table", { name: "Statements" });
        const long = table.getByRole("button", { name: /column_0/ });
        await long.waitFor();
        await screenshot(`queries-statements-${look}`);
        expect(await overflow(page)).toBe(0);
        expect(await table.innerText()).toContain("\\u{202E}evil");
        const before = (await long.boundingBox())!.height;
        await long.click();
        expect((await long.boundingBox())!.height).toBeGreaterThan(before * 2);
        await table.getByRole("link", { name: "GET /report" }).first().click();
        await page.waitForURL((url) => url.pathname === `/endpoints/${endpointId}`);
      },
      options,
    ));

  test("what repeats comes with what to write instead", () =>
    shop.at(
      `/queries/repeated${IN_SHOP}`,
      async ({ page, screenshot }) => {
        await page.getByText("N+1: one for each row").waitFor();
        await screenshot(`queries-repeated-${look}`);
        expect(await overflow(page)).toBe(0);
        expect(await page.locator("main").innerText()).toContain("include: { author: true }");
        expect(await page.getByText("src/feed.ts:12").count()).toBe(1);
      },
      options,
    ));

  test("a trial shows both strategies, by how much they differ, and the line to write", () =>
    shop.at(
      `/queries/trials${IN_SHOP}`,
      async ({ page, screenshot }) => {
        const table = page.getByRole("table", { name: /^join against query/ });
        await table.waitFor();
        await screenshot(`queries-trials-${look}`);
        expect(await overflow(page)).toBe(0);
        const difference = table.getByRole("row", { name: /query − join/ }).first();
        expect((await difference.innerText()).match(/−[\d.]+\s(?:µs|ms) … −[\d.]+\s(?:µs|ms)/u)).not.toBeNull();
        expect(await page.locator("main").innerText()).toContain('relationLoadStrategy: "query"');
      },
      options,
    ));

  test("what a guard stopped comes by statement and endpoint, and one by one", () =>
    shop.at(
      `/queries/stopped${IN_SHOP}`,
      async ({ page, screenshot }) => {
        const groups = page.getByRole("table", { name: "What was stopped, by statement and endpoint" });
        await groups.waitFor();
        await screenshot(`queries-stopped-${look}`);
        expect(await overflow(page)).toBe(0);
        expect(await groups.getByRole("row").count()).toBe(3);
        const each = page.getByRole("table", { name: "What was stopped, one by one" });
        const words = await each.innerText();
        for (const said of [
          "cancelled",
          "ended 12 ms later",
          "was over before the signal",
          "ran on for 30 s",
          "left alone",
          "timed out",
          "over its budget of 2.00 s",
        ])
          expect(words.replaceAll("\u00a0", " ")).toContain(said);
        expect(await groups.innerText()).toContain("1 by the guard, 1 timed out");
        await each.getByRole("link", { name: "ada" }).and(page.locator(":visible")).click();
        await page.waitForURL((url) => url.pathname === "/users" && url.searchParams.get("user") === "ada");
      },
      options,
    ));
});

test("a dry run tells how much time was saved", () =>
  shop.at(`/queries/stopped${IN_SHOP}`, async ({ page }) => {
    const groups = page.getByRole("table", { name: "What was stopped, by statement and endpoint" });
    expect((await groups.getByRole("row").nth(1).innerText()).replaceAll("\u00a0", " ")).toContain("30.0 s");
  }));

test("an endpoint without a wrapped database shows nothing of it; a service without one, and without a guard, says what to do", async () => {
  const { id } = await shop.server.db.endpoint.findFirstOrThrow({ where: { route: "/plain" } });
  await shop.at(`/endpoints/${id}`, async ({ page }) => {
    await page.getByRole("heading", { name: "Throughput" }).waitFor();
    expect(await page.getByText("Where the time goes").count()).toBe(0);
  });
  const quiet = "?service=quiet&environment=production";
  await shop.at(`/queries${quiet}`, async ({ page, screenshot }) => {
    await page.getByText("No app tells of its database yet").waitFor();
    await screenshot("queries-hint");
  });
  await shop.at(`/queries/stopped${quiet}`, async ({ page, screenshot }) => {
    await page.getByText("TAILFILL_SERVICE=quiet").waitFor();
    await screenshot("queries-guard-hint");
  });
  await shop.at(`/queries/stopped${IN_SHOP}&from=now-30d&to=now-20d`, async ({ page }) => {
    await page.getByText("Nothing was stopped in this range").waitFor();
    await page.getByRole("button", { name: "Show the last 7 d" }).click();
    await page.getByText("By statement and endpoint").waitFor();
  });
});

/** By how much the page is wider than its window. */
const overflow = (page: { evaluate: <T>(run: () => T) => Promise<T> }): Promise<number> =>
  page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth));
