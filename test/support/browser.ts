import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { repositoryRoot } from "@/lib/store/repository-root";

/** Where an installed Chromium may be. */
const INSTALLED = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** As root there is no sandbox; the package's own arguments would make a second page crash. */
const ARGS = ["--no-sandbox", "--headless=shell", "--disable-gpu", "--hide-scrollbars"];

/** On a machine that is busy with other suites a page may take its time. */
const PATIENCE_MS = 45_000;
/** Taller pages are shown as far as the window goes. */
const TALLEST_PX = 4_000;

/** An installed Chromium, else the one that an npm package brings. */
export async function launchBrowser(): Promise<Browser> {
  const installed = INSTALLED.find((path) => existsSync(path));
  return chromium.launch({ executablePath: installed ?? (await packedChromium()), args: ARGS });
}

async function packedChromium(): Promise<string> {
  const { default: packed } = await import("@sparticuz/chromium");
  return packed.executablePath();
}

export interface OpenPage {
  page: Page;
  /** What went wrong so far: console errors, uncaught errors, violations of the content policy, failed requests. */
  problems: string[];
  /** Writes test/out/screens/NAME.png, the page in its full height unless it is very tall. */
  screenshot(name: string): Promise<void>;
}

export interface OpenPageOptions extends BrowserContextOptions {
  /** Said in messages about this page. */
  name: string;
}

/** A page in a context of its own, 1400 px wide unless it is said otherwise. */
export async function openPage(browser: Browser, { name, ...options }: OpenPageOptions): Promise<OpenPage> {
  const context = await browser.newContext({
    viewport: { width: 1400, height: 900 },
    timezoneId: "Europe/Berlin",
    ...options,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  waitForReact(page);
  const problems: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || /content security policy/i.test(message.text()))
      problems.push(`${name}: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`${name}: ${String(error)}`));
  const screenshot = async (file: string) => {
    await page.evaluate(() => document.fonts.ready);
    const tall = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.screenshot({ path: join(screensFolder(), `${file}.png`), fullPage: tall < TALLEST_PX });
  };
  return { page, problems, screenshot };
}

/** A click on a page that React has not taken over yet is lost: pages count as opened once their buttons answer. */
function waitForReact(page: Page): void {
  const goto = page.goto.bind(page);
  const reload = page.reload.bind(page);
  page.goto = async (...args) => answering(page, await goto(...args));
  page.reload = async (...args) => answering(page, await reload(...args));
}

async function answering<Answer>(page: Page, answer: Answer): Promise<Answer> {
  const polling = 20; // not by frames: a hidden tab has none
  await page.waitForFunction(
    () =>
      [...document.querySelectorAll("button")].every((one) =>
        Object.keys(one).some((key) => key.startsWith("__react")),
      ),
    undefined,
    { polling },
  );
  return answer;
}

function screensFolder(): string {
  const folder = join(repositoryRoot(), "test/out/screens");
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Signs the owner of a test server in as a person does, and waits for the overview. */
export async function signInPage(
  page: Page,
  server: { url: string; owner: { email: string; password: string } },
): Promise<void> {
  await page.goto(`${server.url}/sign-in`);
  await page.locator('input[type="email"]').fill(server.owner.email);
  await page.locator('input[type="password"]').fill(server.owner.password);
  await page.locator('button[type="submit"]').click();
  await page.getByRole("heading", { name: "Overview" }).waitFor();
}
