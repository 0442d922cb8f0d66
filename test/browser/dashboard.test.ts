import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OpenPage } from "../support/browser.ts";
import { room, type Room } from "../support/room.ts";
import { seed } from "../support/seed.ts";
import { until } from "../support/until.ts";

// Every page on much data: a service of a thousand endpoints. The tests share the server, each its own page.
let much: Room;
let requests: number;
let endpointId: number;

beforeAll(async () => {
  much = await room(async ({ db }) => {
    requests = await seed(db, { nowMs: Date.now(), denseMinutes: 14, moreEndpoints: 985 });
  });
  const found = await much.server.db.endpoint.findFirstOrThrow({ where: { route: "/users/:id/comments" } });
  endpointId = found.id;
}, 300_000);

afterAll(() => much?.stop(), 60_000);

type Options = Parameters<Room["at"]>[2];
const at = (path: string, options: Options, use: (opened: OpenPage) => Promise<void>) => much.at(path, use, options);

const rowCount = (page: Page) =>
  page.getByRole("table", { name: "Endpoints" }).locator("tbody tr[aria-rowindex]").count();
const range = (page: Page) => {
  const search = new URL(page.url()).searchParams;
  return { from: Date.parse(search.get("from") ?? ""), to: Date.parse(search.get("to") ?? "") };
};

describe("the overview of a thousand endpoints", () => {
  test("has the exact number of requests, and draws only the rows in sight", () =>
    at("/", {}, async ({ page, screenshot }) => {
      await page.getByText(`all endpoints, ${requests.toLocaleString("en")} requests`).waitFor();
      const table = page.getByRole("table", { name: "Endpoints" });
      expect(Number(await table.getAttribute("aria-rowcount"))).toBeGreaterThan(900);
      expect(await rowCount(page)).toBeLessThan(80);
      await screenshot("overview-much");
      await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
      await until("the last rows are drawn", () =>
        page.evaluate(() => {
          const rows = [...document.querySelectorAll("tbody tr[aria-rowindex]")];
          const table = document.querySelector("table[aria-label=Endpoints]");
          return rows.at(-1)?.getAttribute("aria-rowindex") === table?.getAttribute("aria-rowcount");
        }),
      );
    }));

  test("searches at a key, without lag, and keeps the search in the address", () =>
    at("/", {}, async ({ page }) => {
      await page.getByRole("table", { name: "Endpoints" }).waitFor();
      await until("the page answers to keys", async () => {
        await page.keyboard.press("/");
        return page.evaluate(() => document.activeElement?.getAttribute("type") === "search");
      });
      await page.keyboard.type("get comments");
      await until("one row is left", async () => (await rowCount(page)) === 1);
      await page.waitForURL(/q=get(\+|%20)comments/);
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Clear search" }).waitFor({ state: "detached" });
      await page.getByRole("searchbox").fill("no such thing");
      await page.getByText("No endpoint matches").waitFor();
      await page.getByRole("button", { name: "Clear search" }).click();
      await until("all rows are back", async () => (await rowCount(page)) > 20);
    }));

  test("sorts by a column, either way, and by nothing but the address after a reload", () =>
    at("/?sort=-n", {}, async ({ page }) => {
      const heading = page.getByRole("columnheader", { name: /^n/ });
      await until("most requests come first", async () => (await heading.getAttribute("aria-sort")) === "descending");
      const first = page.locator("tbody tr[aria-rowindex]").first();
      expect(await first.textContent()).toContain("/health");
      await heading.getByRole("button").click();
      await until("fewest come first", async () => (await heading.getAttribute("aria-sort")) === "ascending");
      await page.waitForURL(/sort=n(&|$)/);
      await page.reload();
      await until("still so", async () => (await heading.getAttribute("aria-sort")) === "ascending");
    }));

  test("a drag on the chart narrows, a double click widens, back goes back", () =>
    at("/?from=now-15m", {}, async ({ page }) => {
      const plot = page.getByRole("img", { name: /Latency of all endpoints/ });
      const box = (await plot.boundingBox())!;
      const y = box.y + box.height / 2;
      await page.mouse.move(box.x + box.width * 0.4, y);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.6, y, { steps: 5 });
      await page.mouse.up();
      await page.waitForURL(/from=2/);
      const narrow = range(page);
      expect(narrow.to - narrow.from).toBeGreaterThan(120_000);
      expect(narrow.to - narrow.from).toBeLessThan(300_000);
      await page.getByText("fixed range").waitFor();
      await plot.dblclick();
      await until("the range is twice as wide", () => {
        const wide = range(page);
        return Math.abs((wide.to - wide.from) / (narrow.to - narrow.from) - 2) < 0.1;
      });
      await page.goBack();
      await until("the narrow range is back", () => range(page).from === narrow.from);
    }));

  test("keys read a chart step by step, and a table stands behind it", () =>
    at("/?from=now-15m", {}, async ({ page }) => {
      const plot = page.getByRole("img", { name: /Latency of all endpoints/ });
      await plot.focus();
      for (let i = 0; i < 30; i += 1) await page.keyboard.press("ArrowRight");
      await plot
        .getByRole("status")
        .getByText(/\d+ requests?/)
        .waitFor();
      await page.getByRole("button", { name: "Show Latency as a table" }).click();
      const table = page.getByRole("table", { name: "Latency" });
      await table.getByRole("columnheader", { name: "p99 (ms)" }).waitFor();
      await page.getByRole("button", { name: "Show Latency as a chart" }).click();
      await plot.waitFor();
    }));

  test("goes places by keys and shows them", () =>
    at("/", {}, async ({ page }) => {
      await page.getByRole("table", { name: "Endpoints" }).waitFor();
      await until("the keys are shown", async () => {
        await page.keyboard.press("?");
        return page.getByRole("dialog", { name: "Keys" }).isVisible();
      });
      await page.keyboard.press("Escape");
      await page.getByRole("dialog", { name: "Keys" }).waitFor({ state: "hidden" });
      await page.keyboard.press("g");
      await page.keyboard.press("s");
      await page.waitForURL(/\/settings$/);
    }));
});

describe("the endpoint", () => {
  test("shows any percentile that is typed", () =>
    at(`/endpoints/${endpointId}?from=now-15m`, {}, async ({ page }) => {
      await page.getByRole("button", { name: "Choose percentiles" }).click();
      await page.getByLabel("Another percentile").fill("97.5");
      await page.getByRole("button", { name: "Add" }).click();
      await page.waitForURL(/percentiles=.*97\.5/);
      await page.getByRole("button", { name: "p97.5" }).first().waitFor();
    }));

  test("leads to a user, and back", () =>
    at(`/endpoints/${endpointId}?from=now-15m`, {}, async ({ page, screenshot }) => {
      const link = page.getByRole("table", { name: "Users in the tail" }).getByRole("link").first();
      const name = (await link.textContent())!;
      await screenshot("endpoint");
      await link.click();
      await page.getByRole("heading", { name }).waitFor();
      await page.getByRole("table", { name: "Endpoints of this user" }).waitFor();
      await screenshot("user");
      await page.goBack();
      await page.getByRole("heading", { name: "/users/:id/comments" }).waitFor();
    }));

  test("that does not exist is said to be so", async () => {
    const { page } = await much.page();
    for (const id of ["999999", "0", "abc", "1e1", "99999999999999999999"]) {
      const answer = await page.goto(`${much.server.url}/endpoints/${id}`);
      expect([id, answer?.status()]).toEqual([id, 404]);
      await page.getByRole("heading", { name: "There is no such endpoint" }).waitFor();
    }
    await page.context().close();
  });
});

test("a page that does not exist is said so within the frame, which leads on", async () => {
  const { page, screenshot } = await much.page();
  expect((await page.goto(`${much.server.url}/nowhere`))?.status()).toBe(404);
  await page.getByRole("heading", { name: "There is no such page" }).waitFor();
  await screenshot("no-such-page");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Users" }).click();
  await page.getByRole("heading", { name: "Users" }).waitFor();
  await page.context().close();
});

describe("what a figure says is reached although its whole row is a link", () => {
  const MORE = /^\d[\d,]* of \d/;
  const panel = (page: Page, words: string) => page.locator("[data-side]").getByText(words, { exact: true });

  test.each([
    ["overview", "/?from=now-15m", "Endpoints"],
    ["user", "/users?user=u_1&service=shop&from=now-15m", "Endpoints of this user"],
    ["tail", "/endpoints/ID?from=now-15m", "Users in the tail"],
  ])("%s, by mouse and by keys", (_, path, name) =>
    at(path.replace("ID", String(endpointId)), {}, async ({ page }) => {
      const row = page
        .getByRole("table", { name })
        .locator("tbody tr")
        .filter({ has: page.getByTitle(MORE) })
        .first();
      const figure = row.getByTitle(MORE).first();
      await figure.hover(); // fails where something lies over it
      const words = (await figure.getAttribute("title"))!;
      await row.getByRole("link").focus();
      await until("keys come to it", async () => {
        await page.keyboard.press("ArrowRight");
        return figure.evaluate((one) => one === document.activeElement);
      });
      await panel(page, words).waitFor();
      await page.keyboard.press("ArrowDown");
      await panel(page, words).waitFor({ state: "hidden" });
      await page.keyboard.press("ArrowUp");
      await panel(page, words).waitFor();
      await page.keyboard.press("Escape");
      await panel(page, words).waitFor({ state: "hidden" });
    }),
  );

  test.each([
    ["overview", "/?from=now-15m"],
    ["user", "/users?user=u_1&service=shop&from=now-15m"],
  ])("%s, and a press goes where the row leads", (_, path) =>
    at(path, {}, async ({ page }) => {
      const row = page.getByRole("row").filter({ hasText: "/users/:id/comments" }).first();
      await row.getByTitle(MORE).first().click();
      await page.waitForURL(/\/endpoints\/\d+/);
      await page.goBack();
      await row.getByTitle(MORE).first().focus();
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/endpoints\/\d+/);
    }),
  );
});

describe("what there is nothing of is explained", () => {
  test.each([
    ["/?from=2026-01-01T00:00:00Z&to=2026-01-01T01:00:00Z", "No data in this range"],
    ["/?from=2020-01-01T00:00:00Z&to=2020-01-01T01:00:00Z", "No data: it has expired"],
    ["/?service=nobody", "No data: filtered out"],
  ])("%s", (path, words) => at(path, {}, ({ page }) => page.getByText(words).waitFor()));
});

const PAGES = [
  ["overview", "/?from=now-15m"],
  ["endpoint", "/endpoints/ID?from=now-15m"],
  ["user", "/users?user=u_1&service=shop&from=now-15m"],
  ["users", "/users"],
  ["start", "/start"],
  ["settings", "/settings"],
  ["settings-services", "/settings/services"],
  ["settings-keys", "/settings/keys"],
  ["settings-users", "/settings/users"],
  ["settings-storage", "/settings/storage"],
  ["settings-jobs", "/settings/jobs"],
  ["settings-losses", "/settings/losses?from=now-1h"],
  ["settings-account", "/settings/account"],
] as const;

describe.each([
  ["narrow", { viewport: { width: 360, height: 780 } }],
  ["dark", { colorScheme: "dark" as const }],
])("%s", (look, options) => {
  // One browser sees all pages of a look, as a person's does: each costs half of what it costs a new one.
  let seen: OpenPage;
  beforeAll(async () => void (seen = await much.page({ name: look, ...options })));
  afterAll(() => seen?.page.context().close());

  test.each(PAGES)("%s fits and is without a fault", async (name, path) => {
    const { page, problems, screenshot } = seen;
    problems.length = 0;
    await page.goto(much.server.url + path.replace("ID", String(endpointId)));
    await page.locator("main h1").first().waitFor();
    await page.waitForLoadState("load");
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(wide).toBeLessThanOrEqual(0);
    const dark = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    expect(lightness(dark) < 0.5).toBe(look === "dark");
    await screenshot(`${name}-${look}`);
    expect(problems).toEqual([]);
  });
});

test.each(["light", "dark"] as const)("text of the %s theme stands out from whatever is behind it", (colorScheme) =>
  at("/settings", { colorScheme }, async ({ page }) => {
    const weak = await page.evaluate(weakPairs, {
      front: ["text", "muted", "faint", "server", "fill", "accent"],
      behind: ["bg", "surface", "sunken", "raised"],
    });
    expect(weak).toEqual([]);
  }),
);

/** Pairs of tokens whose contrast by WCAG is below 4.5. Runs in the page. */
function weakPairs({ front, behind }: { front: string[]; behind: string[] }): string[] {
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
  const pen = canvas.getContext("2d", { willReadFrequently: true })!;
  const luminance = (token: string) => {
    document.body.style.color = `var(--${token})`;
    pen.fillStyle = getComputedStyle(document.body).color;
    pen.fillRect(0, 0, 1, 1);
    const [r = 0, g = 0, b = 0] = [...pen.getImageData(0, 0, 1, 1).data].map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one: string, other: string) => {
    const [a, b] = [luminance(one), luminance(other)];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
  return front.flatMap((f) => behind.filter((b) => contrast(f, b) < 4.5).map((b) => `${f} on ${b}`));
}

/** 0 to 1, of `lab(5.7 …)`, as Chromium writes the page's background. */
const lightness = (colour: string) => Number(/lab\(([\d.]+)/.exec(colour)?.[1]) / 100;

test("a theme that is chosen holds after a reload, from the first byte on", () =>
  at("/settings", {}, async ({ page }) => {
    await until("the page is alive", async () => {
      await page.getByText("Dark", { exact: true }).click();
      return page.evaluate(() => document.documentElement.dataset.theme === "dark");
    });
    const html = await (await page.context().request.get(`${much.server.url}/settings`)).text();
    expect(html).toMatch(/<html[^>]* data-theme="dark"/);
  }));

test("times are written in the chosen clock", () =>
  at("/settings", {}, async ({ page }) => {
    await page.getByText("Europe/Berlin").waitFor();
    await page.getByText("UTC", { exact: true }).click();
    await page.getByText(/now .* UTC$/).waitFor();
  }));
