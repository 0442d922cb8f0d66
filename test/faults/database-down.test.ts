import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Embedded, prepareEmbedded } from "@/lib/store/embedded";
import type { Server } from "@/lib/store/embedded-process";
import { launchBrowser, openPage, signInPage } from "../support/browser.ts";
import { serverSuite } from "../support/server-process.ts";

// A database of its own that is really stopped and started again, under a server and an open browser.
const OWNER = { email: "owner@example.test", password: "correct horse battery staple" };

let folder: string;
let database: Embedded;
let running: Server;
let suite: Awaited<ReturnType<typeof serverSuite>>;
let browser: Browser;
let url: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tailfill-down-"));
  database = await prepareEmbedded(folder, { fsync: "off" });
  running = await database.start();
  suite = await serverSuite();
  const env = {
    DATABASE_URL: database.url,
    TAILFILL_SECRET: "a secret of the tests, never of a server",
    TAILFILL_ADMIN_EMAIL: OWNER.email,
    TAILFILL_ADMIN_PASSWORD: OWNER.password,
  };
  url = await suite.start({ env }).ready();
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await suite?.clean();
  await running?.stop();
  database?.close();
  await rm(folder, { recursive: true, force: true });
});

const ask = (path: string, headers: Record<string, string> = {}) => fetch(url + path, { headers, redirect: "manual" });

test("every page says so with 503, in the product's look, and comes back by itself", async () => {
  const { page, problems, screenshot } = await openPage(browser, { name: "down" });
  await signInPage(page, { url, owner: OWNER });
  expect(problems).toEqual([]);

  await running.stop();
  const answer = await page.goto(`${url}/settings/jobs?clock=utc`);
  expect([answer?.status(), answer?.headers()["retry-after"]]).toEqual([503, "5"]);
  await page.getByRole("heading", { name: "The database does not answer" }).waitFor();
  expect(await page.title()).toBe("Database does not answer · tailfill");
  await screenshot("database-down");
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 360, height: 780 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
  await screenshot("database-down-narrow-dark");
  expect(problems.filter((text) => !text.includes("503 (Service Unavailable)"))).toEqual([]);

  running = await database.start();
  await page.getByRole("table", { name: "Jobs" }).waitFor();
  expect(new URL(page.url()).search).toBe("?clock=utc");
  await page.context().close();
});

test("an open page leads to it, by a link as well", async () => {
  const { page } = await openPage(browser, { name: "down, by a link" });
  await signInPage(page, { url, owner: OWNER });
  await running.stop();
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Users" }).click();
  await page.getByRole("heading", { name: "The database does not answer" }).waitFor();
  expect(new URL(page.url()).pathname).toBe("/users");
  running = await database.start();
  await page.getByRole("searchbox", { name: "Search users" }).waitFor();
  await page.context().close();
});

test("whoever asks without a browser is told when to ask again", async () => {
  await running.stop();
  const cookie = "tailfill.session_token=AAAA.BBBB";
  for (const path of ["/sign-in", "/", "/users", "/nowhere", "/unavailable", "/setup?token=x", "/invite/x"]) {
    const answer = await ask(path, { cookie });
    const { status, headers } = answer;
    expect([path, status, headers.get("retry-after"), headers.get("cache-control")]).toEqual([
      path,
      503,
      "5",
      "private, no-store",
    ]);
    expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(await answer.text()).toContain("The database does not answer");
  }
  expect((await fetch(`${url}/`, { headers: { cookie, rsc: "1" } })).status).toBe(503); // a page's data, too
  expect((await ask("/users")).status).toBe(303); // strangers are led to the sign-in page, which then says so

  running = await database.start();
  expect((await ask("/sign-in")).status).toBe(200);
  const stray = await ask("/unavailable");
  expect([stray.status, stray.headers.get("location")]).toEqual([303, "/"]);
});
