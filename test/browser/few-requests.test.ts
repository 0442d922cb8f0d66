import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Folder } from "@/lib/rollup/fold";
import { ensurePartitions } from "@/lib/store/partitions";
import { batchOf, endpointOf, userOf } from "../support/batches.ts";
import { room, type Room } from "../support/room.ts";
import { store } from "../support/stored.ts";

// The first minute of a service that answers many methods, each of them a few times and about as fast.
const METHODS = ["GET", "POST", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "(other)"];
const LATENCIES = [5_000, 5_000, 6_000, 6_000, 6_000, 6_000];

let few: Room;

beforeAll(async () => {
  few = await room(async ({ db }) => {
    const nowMs = Date.now();
    await ensurePartitions(db, nowMs);
    const outcomes = { client_error: userOf("", ...LATENCIES).latency };
    const endpoints = METHODS.map((method) =>
      endpointOf({ method, route: "/files/:id", outcomes, users: [userOf("ada", ...LATENCIES)] }),
    );
    const startMs = Math.floor(nowMs / 10_000) * 10_000 - 60_000;
    await store(db, batchOf({ service: "files", window: { startMs, seconds: 10 }, endpoints }));
    await new Folder(db).fold();
  });
}, 300_000);

afterAll(() => few?.stop(), 60_000);

describe.each([
  ["wide", { viewport: { width: 1400, height: 900 } }],
  ["narrow", { viewport: { width: 360, height: 780 } }],
  ["dark", { colorScheme: "dark" as const }],
])("%s", (look, options) => {
  test("no method stands over its route, and the routes of the usual ones begin under each other", () =>
    few.at(
      "/",
      async ({ page, screenshot }) => {
        await page.getByRole("table", { name: "Endpoints" }).waitFor();
        await screenshot(`few-overview-${look}`);
        expect(await page.getByTitle(/^42 requests: too few for p99\. It reads/).count()).toBe(1);
        const places = await page.evaluate(placesOfRoutes);
        expect(places.map(({ method }) => method).sort()).toEqual([...METHODS].sort());
        expect(places.filter(({ methodEnds, routeBegins }) => methodEnds > routeBegins)).toEqual([]);
        const usual = places.filter(({ method }) => /^(GET|POST|PATCH|DELETE)$/.test(method));
        expect(new Set(usual.map(({ routeBegins }) => routeBegins)).size).toBe(1);
      },
      options,
    ));

  test("the page of an endpoint has latencies to read its map by", async () => {
    const { id } = await few.server.db.endpoint.findFirstOrThrow({ where: { method: "GET", route: "/files/:id" } });
    await few.at(
      `/endpoints/${id}`,
      async ({ page, screenshot }) => {
        const map = page.locator("section").filter({ hasText: "Distribution over time" });
        const label = map.locator("svg text").filter({ hasText: /^\d+ (µs|ms|s)$/ });
        await label.first().waitFor();
        expect(await label.allTextContents()).toEqual(["1 ms", "10 ms"]);
        await page.getByText("Last 15 min").waitFor();
        expect(look === "narrow" ? 0 : await page.evaluate(holeOfColumns)).toBeLessThan(2);
        await screenshot(`few-endpoint-${look}`);
      },
      options,
    );
  });
});

/** By how much the shorter of the two columns ends above the other, px. Runs in the page. */
function holeOfColumns() {
  const ends = [...document.querySelectorAll("main section")].map((card) => card.getBoundingClientRect());
  const last = (isLeft: boolean) =>
    Math.max(...ends.filter(({ left }) => left < innerWidth / 2 === isLeft).map(({ bottom }) => bottom));
  return Math.abs(last(true) - last(false));
}

/** Where the letters of each row's method end and its route begins, px. Runs in the page. */
function placesOfRoutes() {
  const edge = (element: Element, side: "left" | "right") => {
    const range = document.createRange();
    range.selectNodeContents(element);
    return Math.round(range.getBoundingClientRect()[side]);
  };
  return [...document.querySelectorAll("table[aria-label=Endpoints] tbody a")].map((link) => {
    const [method, route] = [...link.children] as [Element, Element];
    return { method: method.textContent, methodEnds: edge(method, "right"), routeBegins: edge(route, "left") };
  });
}
