import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { OpenPage } from "../support/browser.ts";
import { room, type Room } from "../support/room.ts";
import { seed } from "../support/seed.ts";
import { until } from "../support/until.ts";

// A range that ends now keeps up by itself while somebody looks, and says how old its figures are.
let live: Room;
let opened: OpenPage;

beforeAll(async () => {
  live = await room(({ db }) => seed(db, { nowMs: Date.now(), denseMinutes: 3 }));
  opened = await live.page({ name: "live" });
}, 300_000);

afterAll(() => live?.stop(), 60_000);

/** Puts the tab behind another one, or before it, as far as the page can tell. */
const show = (page: Page, visible: boolean) =>
  page.evaluate(
    (state) => {
      Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
      Object.defineProperty(document, "hidden", { value: state === "hidden", configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    },
    visible ? "visible" : "hidden",
  );

test("a hidden tab asks nothing; seen again, it says how old its figures are and asks at once", async () => {
  const { page } = opened;
  await page.clock.install();
  let asked = 0;
  let held: Promise<void> | undefined;
  await page.route("**/data/overview**", async (route) => {
    asked += 1;
    await held;
    await route.continue();
  });
  await page.goto(`${live.server.url}/?from=now-15m`);
  await page.getByText(/live, \d\ss ago/).waitFor();
  await page.clock.runFor(6_000);
  await until("it asks by itself", () => asked > 0);
  await page.getByText(/live, 0\ss ago/).waitFor();

  await show(page, false);
  const before = asked;
  await page.clock.runFor(180_000);
  expect(asked).toBe(before);

  let answer = () => undefined as void;
  held = new Promise((done) => (answer = done));
  await show(page, true);
  await page.getByText(/live, 3\smin ago/).waitFor();
  await until("it asks again", () => asked > before);
  answer();
  held = undefined;
  await page.getByText(/live, \d\ss ago/).waitFor();
  expect(opened.problems).toEqual([]);
});

test("a fixed range is never asked for again", async () => {
  const { page } = opened;
  const iso = (agoMs: number) => new Date(Date.now() - agoMs).toISOString();
  await page.goto(`${live.server.url}/?from=${iso(900_000)}&to=${iso(0)}`);
  await page.getByText(/fixed range, read \d+\ss ago/).waitFor();
  let asked = 0;
  await page.route("**/data/overview**", async (route) => {
    asked += 1;
    await route.continue();
  });
  await page.clock.runFor(120_000);
  await page.getByText(/fixed range, read 2\smin ago/).waitFor();
  expect(asked).toBe(0);
});
