import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";

/** Where an installed Chromium may be. */
const INSTALLED = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** As root there is no sandbox; the package's own arguments would make a second page crash. */
const ARGS = ["--no-sandbox", "--headless=shell", "--disable-gpu", "--hide-scrollbars", "--font-render-hinting=none"];

/** An installed Chromium, else the one that an npm package brings. */
export async function launchBrowser(): Promise<Browser> {
  const installed = INSTALLED.find((path) => existsSync(path));
  return chromium.launch({ executablePath: installed ?? (await packedChromium()), args: ARGS });
}

async function packedChromium(): Promise<string> {
  const { default: packed } = await import("@sparticuz/chromium");
  return packed.executablePath();
}

/** Folder of the screenshots, made when it is missing. */
export function screensFolder(): string {
  const folder = join(process.cwd(), "test/out/screens");
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** A page together with what went wrong in it: console errors, uncaught errors, violations of the content policy. */
export interface WatchedPage {
  page: Page;
  problems: string[];
}

export async function watchedPage(context: BrowserContext): Promise<WatchedPage> {
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || /content security policy/i.test(message.text())) problems.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(String(error)));
  return { page, problems };
}
