import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser, openPage, signInPage, type OpenPage } from "../support/browser.ts";
import { measuredApp, type MeasuredApp } from "../support/measured-app.ts";
import { testServer, type TestServer } from "../support/server.ts";

// From an empty server to the number on the page, by the real middleware and in a real browser. The tests follow each other.
let server: TestServer;
let browser: Browser;
let opened: OpenPage;
let page: Page;
let app: MeasuredApp;

beforeAll(async () => {
  server = await testServer({ worker: true });
  browser = await launchBrowser();
  opened = await openPage(browser, { name: "first-request" });
  page = opened.page;
}, 180_000);

afterAll(async () => {
  await app?.stop();
  await browser?.close();
  await server?.stop();
}, 60_000);

test("somebody who signs in on an empty server is led to Start", async () => {
  await signInPage(page, server);
  await page.getByText("Nothing sent yet").waitFor();
  await opened.screenshot("overview-empty");
  await page.getByRole("link", { name: "Connect an app" }).click();
  await page.getByRole("heading", { name: "Connect an app" }).waitFor();
  await page.getByText("Waiting for the first request…").waitFor();
  expect(opened.problems).toEqual([]);
});

test("Start shows a key once, and the app that uses it arrives", async () => {
  await page.getByLabel("Name of the service").fill("forum");
  await page.getByRole("button", { name: "Make a key" }).click();
  await page.getByText("The key is shown this once").waitFor();
  const apiKey = /tf_[A-Za-z0-9]{46}/.exec((await page.textContent("pre")) ?? "")?.[0];
  expect(apiKey).toBeDefined();
  expect(await page.getByText('app.use(tailfill({ service: "forum"').count()).toBe(1);
  await opened.screenshot("start");
  app = await measuredApp({ url: server.url, apiKey: apiKey!, service: "forum" });
  for (let i = 0; i < 40; i += 1) expect(await app.ask(`/threads/${i}`, `u_${i % 3}`)).toBe(200);
  for (let i = 0; i < 10; i += 1) expect(await app.ask("/broken", "u_0")).toBe(500);
  await app.flush();
  await page.getByText("The first request arrived.").waitFor({ timeout: 60_000 });
  await page.getByRole("link", { name: "See forum" }).click();
  expect(opened.problems).toEqual([]);
});

test("the overview shows exactly what the middleware saw", async () => {
  await page.getByText("all endpoints, 50 requests").waitFor();
  const row = page.getByRole("row").filter({ hasText: "/threads/:id" });
  expect(await row.getByRole("cell").nth(7).textContent()).toBe("40");
  const broken = page.getByRole("row").filter({ hasText: "/broken" });
  expect(plain(await broken.getByRole("cell").nth(8).textContent())).toBe("100 %");
  await opened.screenshot("overview-little");
  expect(opened.problems).toEqual([]);
});

test("the endpoint names its users, and a user leads back to endpoints", async () => {
  await page.getByRole("link", { name: "/threads/:id" }).click();
  await page.getByRole("heading", { name: "/threads/:id" }).waitFor();
  const users = page.getByRole("table", { name: "Users in the tail" });
  await users.waitFor();
  await opened.screenshot("endpoint-little");
  const first = users.getByRole("link").first();
  const name = (await first.textContent()) ?? "";
  expect(name).toMatch(/^u_[012]$/);
  await first.click();
  await page.getByRole("heading", { name }).waitFor();
  await page.getByRole("table", { name: "Endpoints of this user" }).getByText("/threads/:id").waitFor();
  await opened.screenshot("user-little");
  expect(opened.problems).toEqual([]);
});

const plain = (text: string | null) => text?.replaceAll("\u00a0", " ");
