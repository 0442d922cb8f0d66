import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { settingsOf } from "@/lib/store/prefill-settings";
import { findScope } from "@/lib/store/scopes";
import type { PrefillEvent } from "@/lib/wire/index";
import { live, quick, round, slow } from "../prefill-server/support.ts";
import { launchBrowser, openPage, signInPage, type OpenPage } from "../support/browser.ts";
import {
  candidatesAnswer,
  effectAnswer,
  historyAnswer,
  nothingDone,
  requestsAnswer,
  settingsAnswer,
} from "../support/prefill-answers.ts";
import { decision, fillOf, reportOf, visitOf } from "../support/reports.ts";
import { testServer, type TestServer } from "../support/server.ts";
import { until } from "../support/until.ts";

// The page "Prefill" on a service that uses one definition, `feed`: twelve users are slow without a cached value.
let server: TestServer;
let browser: Browser;
let cookies: Awaited<ReturnType<ReturnType<Page["context"]>["storageState"]>>;
let untold: string;

const HOUR = 3_600_000;
const SLOW = Array.from({ length: 12 }, (_, n) => slow(`slow-${n}`, { misses: 1 + (n % 3) }));
const HABITS = [...SLOW, ...Array.from({ length: 40 }, (_, n) => quick(`quick-${n}`))];

beforeAll(async () => {
  server = await testServer();
  browser = await launchBrowser();
  const { page } = await openPage(browser, { name: "sign-in" });
  await signInPage(page, server);
  cookies = await page.context().storageState();
  await page.goto(`${server.url}/prefill`);
  untold = await page.locator("main").innerText();
  await page.context().close();
  const nowMs = Date.now();
  await live(server.db, HABITS, { fromMs: nowMs - 30 * HOUR, toMs: nowMs });
  await tell(eventsAt(nowMs));
  await round(server.db, nowMs);
}, 300_000);

afterAll(async () => {
  await browser?.close();
  await server?.stop();
}, 60_000);

/** Filled visits are quick, withheld ones slow: an effect that nobody can doubt. */
function eventsAt(nowMs: number): PrefillEvent[] {
  const at = (n: number, of: number) => nowMs - 3 * HOUR + Math.round((2 * HOUR * n) / of);
  const filled = Array.from({ length: 80 }, (_, n) => {
    const one = decision(at(n, 80), { user: `slow-${n % 12}` });
    return [one, fillOf(one), ...(n % 4 === 3 ? [] : [visitOf(one)])];
  });
  const withheld = Array.from({ length: 30 }, (_, n) => {
    const one = decision(at(n, 30), { user: `slow-${n % 12}`, arm: "withheld" });
    return [one, visitOf(one, { cache: "miss", latencyUs: 900_000 })];
  });
  return [...filled, ...withheld].flat();
}

async function tell(events: readonly PrefillEvent[]): Promise<void> {
  const answer = await fetch(`${server.url}/api/v1/prefill/events`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${await server.key("ingest")}` },
    body: JSON.stringify(reportOf(events)),
  });
  expect(await answer.json()).toMatchObject({ rejected: [] });
}

async function settings() {
  const scope = await findScope(server.db, "shop", "production");
  return settingsOf(server.db, scope!.id, Date.now());
}

type Options = Omit<Parameters<typeof openPage>[1], "name">;

/** A signed-in page; whatever goes wrong in it fails the test. */
async function at(path: string, use: (opened: OpenPage) => Promise<void>, options: Options = {}) {
  const opened = await openPage(browser, { name: "prefill", storageState: cookies, ...options });
  await opened.page.goto(server.url + path);
  await use(opened);
  expect(opened.problems).toEqual([]);
  await opened.page.context().close();
}

/** The changes of settings that a page sends. */
function patches(page: Page): unknown[] {
  const sent: unknown[] = [];
  page.on("request", (request) => {
    if (request.method() === "PATCH") sent.push(request.postDataJSON());
  });
  return sent;
}

const handle = (page: Page) => page.getByRole("slider", { name: "Budget of fills" });
const said = (slider: Locator) => slider.getAttribute("aria-valuetext");
const main = (page: Page) => page.locator("main");

test("before anything was sent, the page says so and leads on", () => {
  expect(untold).toContain("Nothing sent yet");
  expect(untold).toContain("Connect an app");
});

describe("the page", () => {
  test("names who is worth filling and why, most valuable first, and leads to each", () =>
    at("/prefill?listed=all", async ({ page, screenshot }) => {
      const table = page.getByRole("table", { name: "Users worth filling" });
      const first = table.getByRole("row").nth(1);
      await first
        .getByText(/cold visits exceed/)
        .last()
        .waitFor(); // a phone has it below the name
      await screenshot("prefill");
      const name = (await first.getByRole("link").textContent())!;
      expect(name).toMatch(/^slow-/);
      await page.getByRole("columnheader", { name: "Visits a day" }).getByRole("button").click();
      await page.waitForURL(/sort=-visits/);
      await page.getByRole("searchbox", { name: "Search users" }).fill("slow-3");
      await until("one is left", async () => (await table.locator("tbody tr[aria-rowindex]").count()) === 1);
      await table.getByRole("link", { name: "slow-3" }).click();
      await page.getByRole("heading", { name: "slow-3" }).waitFor();
    }));

  test("says in words whether filling pays, and a table stands behind each chart", () =>
    at("/prefill", async ({ page }) => {
      await page.getByText(/After a fill, \d+ points fewer first visits are over/).waitFor();
      await page.getByRole("img", { name: /Change by filling: −/ }).waitFor();
      for (const chart of ["What work buys", "Predicted and realised", "Fills", "Chance of use"]) {
        await page.getByRole("button", { name: `Show ${chart} as a table` }).click();
        await page.getByRole("table", { name: chart }).waitFor();
        await page.getByRole("button", { name: `Show ${chart} as a chart` }).click();
      }
    }));
});

/** A plan is made anew every minute, so that its own budget may be another by then: it is not what was tried out. */
async function isGivenUp(page: Page, tried: string | null): Promise<boolean> {
  const budgetOf = (text: string | null) => text?.split(":")[0];
  return !page.url().includes("budget=") && budgetOf(await said(handle(page))) !== budgetOf(tried);
}

const budgetSaid = async (page: Page) => (await said(handle(page)))?.split(" ")[0];

/** Presses a key that moves the handle, and waits until it has moved. */
async function pressed(page: Page, key: string): Promise<void> {
  const before = await budgetSaid(page);
  await page.keyboard.press(key);
  await until(`${key} moves the handle`, async () => (await budgetSaid(page)) !== before);
}

describe("the budget", () => {
  test("is tried out by keys, survives a reload, is given up, and is put in force once", () =>
    at("/prefill", async ({ page }) => {
      const slider = handle(page);
      await slider.focus();
      const before = await said(slider);
      await page.keyboard.press("Home");
      await until(
        "nothing is spent",
        async () => (await said(slider))?.startsWith("0 seconds of fills an hour: p99 ") === true,
      );
      for (const key of ["PageUp", "ArrowRight"]) await pressed(page, key);
      const tried = await said(slider);
      expect(tried).not.toBe(before);
      await page.getByText("Tried out, not in force:").waitFor();
      expect((await settings()).budgetSecondsPerHour).toBeNull();
      const kept = await budgetSaid(page);
      await until("the address has it", () => new URL(page.url()).searchParams.get("budget") === kept);
      await page.reload();
      await until("the handle is where the address has it", async () => (await budgetSaid(page)) === kept);
      await page.getByRole("button", { name: "Go back" }).click();
      await until("the handle is back", async () => isGivenUp(page, tried));
      await slider.focus();
      await page.keyboard.press("ArrowLeft");
      const sent = patches(page);
      await page.getByRole("button", { name: "Put in force" }).dblclick();
      await page.getByText("Tried out, not in force:").waitFor({ state: "detached" });
      const { budgetSecondsPerHour } = await settings();
      expect(sent).toEqual([{ budgetSecondsPerHour }]);
      expect(budgetSecondsPerHour).toBeGreaterThan(0);
      await page.getByRole("button", { name: "Automatic" }).click();
      await page.getByRole("button", { name: "Put in force" }).click();
      await until("it is automatic again", async () => (await settings()).budgetSecondsPerHour === null);
    }));

  test("is dragged, and the browser's back button gives it up", () =>
    at("/prefill", async ({ page }) => {
      const slider = handle(page);
      const before = await said(slider);
      const box = (await slider.boundingBox())!;
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      await page.mouse.down();
      await page.mouse.move(box.x - 80, box.y, { steps: 6 });
      await page.mouse.move(box.x - 120, box.y, { steps: 3 });
      await page.mouse.up();
      await page.waitForURL(/budget=/);
      const tried = await said(slider);
      expect(tried).not.toBe(before);
      await page.goBack();
      await until("it is given up", async () => isGivenUp(page, tried));
    }));
});

describe("the switch", () => {
  test("asks before it fills, fills once, and stops at once, by double clicks, too", () =>
    at("/prefill", async ({ page, screenshot }) => {
      const sent = patches(page);
      await page.getByRole("button", { name: "Fill…" }).click();
      const dialog = page.getByRole("dialog", { name: "Start filling?" });
      await dialog.getByText("It switches itself off when it does harm.").waitFor();
      expect((await settings()).mode).toBe("observe");
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "hidden" });
      expect(sent).toEqual([]);
      await page.getByRole("button", { name: "Fill…" }).click();
      await dialog.getByRole("button", { name: "Start filling" }).dblclick();
      await dialog.waitFor({ state: "hidden" });
      expect((await settings()).mode).toBe("fill");
      expect(await page.getByRole("button", { name: "Fill", exact: true }).getAttribute("aria-pressed")).toBe("true");
      await screenshot("prefill-fill");
      await page.getByRole("button", { name: "Stop all fills" }).dblclick();
      await main(page)
        .getByText(/^Stopped, .* by owner@example\.test\./)
        .waitFor();
      expect((await settings()).mode).toBe("stop");
      expect(sent).toEqual([{ mode: "fill" }, { mode: "stop" }]);
      await page.getByRole("button", { name: "Observe" }).click();
      await until("it observes", async () => (await settings()).mode === "observe");
    }));

  test("says when the server is not reached, and does it when asked again", () =>
    at("/prefill", async ({ page, problems }) => {
      await page.route("**/api/v1/prefill/settings*", (route) => route.abort(), { times: 1 });
      await page.getByRole("button", { name: "Stop all fills" }).click();
      await page.getByRole("alert").getByText("The tailfill server was not reached.").waitFor();
      expect((await settings()).mode).toBe("observe");
      await page.getByRole("button", { name: "Stop all fills" }).click();
      await until("it is stopped", async () => (await settings()).mode === "stop");
      await page.getByRole("button", { name: "Observe" }).click();
      await until("it observes", async () => (await settings()).mode === "observe");
      problems.length = 0; // the browser notes the failed request itself
    }));

  test("whose session has ended changes nothing, leads to the sign-in page, and back", () =>
    at("/prefill?from=now-3h", async ({ page, problems }) => {
      await handle(page).waitFor();
      await page.context().clearCookies();
      await page.getByRole("button", { name: "Stop all fills" }).click();
      const signIn = page.getByRole("button", { name: "Sign in" });
      await signIn.waitFor(); // on the page itself, or on the sign-in page when a refresh came first
      if (!page.url().includes("/sign-in")) {
        await page.getByText("Your session has ended. Nothing was changed.").waitFor();
        await signIn.click();
      }
      await page.waitForURL(/\/sign-in\?to=%2Fprefill/);
      expect((await settings()).mode).toBe("observe");
      await page.locator('input[type="email"]').fill(server.owner.email);
      await page.locator('input[type="password"]').fill(server.owner.password);
      await page.locator('button[type="submit"]').click();
      await page.waitForURL(/\/prefill\?from=now-3h/);
      await handle(page).waitFor();
      problems.length = 0; // the browser notes the 401 itself
    }));
});

/** Answers the page's questions from here instead of from the server. */
async function answering(page: Page, answers: Record<string, unknown>): Promise<void> {
  await page.route("**/data/prefill/*", async (route) => {
    const answer = answers[new URL(route.request().url()).pathname.split("/").at(-1)!];
    if (answer === undefined) await route.continue();
    else await route.fulfill(typeof answer === "number" ? { status: answer, json: {} } : { json: answer });
  });
}

/** A place that the server knows nothing of: every answer comes from the test. */
const ELSEWHERE = "/prefill?service=elsewhere&environment=here";

async function elsewhere(
  answers: Record<string, unknown>,
  use: (opened: OpenPage) => Promise<void>,
  options: Options = {},
) {
  const opened = await openPage(browser, { name: "elsewhere", storageState: cookies, ...options });
  await answering(opened.page, answers);
  await opened.page.goto(server.url + ELSEWHERE);
  await use(opened);
  await opened.page.context().close();
}

const ALL = {
  settings: settingsAnswer({ mode: "fill" }),
  candidates: candidatesAnswer({ candidateCount: 48_112 }, { count: 1_000 }),
  effect: effectAnswer(),
  history: historyAnswer(),
};

describe("what the page may be told", () => {
  test("that nothing is defined yet: what it would bring, and what to paste", () =>
    elsewhere(
      { ...ALL, candidates: requestsAnswer(), effect: effectAnswer(nothingDone()) },
      async ({ page, screenshot }) => {
        await page.getByRole("heading", { name: "To fill, define what is cached" }).waitFor();
        await page.getByText("const cachedComments = defineCached({").waitFor();
        await page.getByLabel("Assumed latency of a hit").waitFor();
        await screenshot("prefill-undefined");
      },
    ));

  test("that it does harm: in words, with why it switched itself off", () => {
    const effect = effectAnswer({ verdict: "harms", difference: { estimate: -0.08, low: -0.12, high: -0.03 } });
    const incident = {
      id: 1,
      openedAt: "2026-11-22T10:00:00Z",
      closedAt: null,
      kind: "harm",
      why: "It made visits slower.",
    };
    const settings = settingsAnswer({ mode: "observe" });
    return elsewhere(
      { ...ALL, settings, effect, history: historyAnswer({}, { incidents: [incident] }) },
      async ({ page }) => {
        await page.getByRole("alert").getByText("It made visits slower.").waitFor();
        await page.getByText("It does harm.").waitFor();
      },
    );
  });

  test("a thousand users: only those in sight are drawn", () =>
    elsewhere(ALL, async ({ page, screenshot }) => {
      await page.getByRole("button", { name: "Show all 1,000" }).click();
      const table = page.getByRole("table", { name: "Users worth filling" });
      await until("all are there", async () => (await table.getAttribute("aria-rowcount")) === "1001");
      expect(await table.locator("tbody tr[aria-rowindex]").count()).toBeLessThan(120);
      await screenshot("prefill-much");
    }));

  test("nothing, because it cannot be read: said, and asked again", () =>
    elsewhere({ ...ALL, candidates: 503 }, async ({ page }) => {
      await page.getByText("The server answered 503.").waitFor();
      await answering(page, ALL);
      await page.getByRole("button", { name: "Try again" }).click();
      await handle(page).waitFor();
      await page.getByText("The server answered 503.").waitFor({ state: "detached" });
    }));

  test("that nothing was ever sent under this name", () =>
    at(ELSEWHERE, async ({ page, problems }) => {
      await page.getByText("No data: filtered out").waitFor();
      problems.length = 0; // the browser notes the 404s itself
    }));
});

describe.each([
  ["narrow", { viewport: { width: 360, height: 780 } }],
  ["dark", { colorScheme: "dark" as const }],
])("%s", (look, options) => {
  test.each([
    ["prefill", ALL],
    ["prefill-undefined", { ...ALL, candidates: requestsAnswer() }],
  ])("%s fits", (name, answers) =>
    elsewhere(
      answers,
      async ({ page, problems, screenshot }) => {
        await handle(page).waitFor();
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(wide).toBeLessThanOrEqual(0);
        await screenshot(`${name}-${look}`);
        expect(problems).toEqual([]);
      },
      options,
    ),
  );
});
