import type { Browser, BrowserContext } from "playwright-core";
import { expect } from "vitest";
import { launchBrowser, openPage, type OpenPage, type OpenPageOptions } from "./browser.ts";
import { testServer, type TestServer, type TestServerOptions } from "./server.ts";

/** A server, a browser, and in it the session of the owner: what suites of pages begin with. */
export interface Room {
  server: TestServer;
  browser: Browser;
  /** A page in a browser that remembers nothing but the session. */
  page(options?: Partial<OpenPageOptions>): Promise<OpenPage>;
  /** The same at an address; whatever goes wrong in it fails the test. */
  at(address: string, use: (opened: OpenPage) => Promise<unknown>, options?: Partial<OpenPageOptions>): Promise<void>;
  stop(): Promise<void>;
}

/** @param fill stores what the pages show; the server starts meanwhile */
export async function room(
  fill: (server: TestServer) => Promise<unknown> = () => Promise.resolve(),
  options: TestServerOptions = {},
): Promise<Room> {
  const [server, browser] = await Promise.all([testServer(options), launchBrowser()]);
  const stop = async () => void (await Promise.all([browser.close(), server.stop()]));
  try {
    await fill(server);
    const storageState = await session(server);
    const page: Room["page"] = (wishes) => openPage(browser, { name: "room", storageState, ...wishes });
    return { server, browser, page, at: (...asked) => lookAt(server, page, ...asked), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function lookAt(
  server: TestServer,
  page: Room["page"],
  ...[address, use, options]: Parameters<Room["at"]>
): Promise<void> {
  const opened = await page({ name: address, ...options });
  await opened.page.goto(address.startsWith("http") ? address : server.url + address);
  await use(opened);
  expect(opened.problems).toEqual([]);
  await opened.page.context().close();
}

type State = Exclude<Parameters<Browser["newContext"]>[0], undefined>["storageState"] &
  Awaited<ReturnType<BrowserContext["storageState"]>>;

/** What a browser holds after the sign-in; test/browser/first-request.test.ts goes through the form. */
async function session(server: TestServer): Promise<State> {
  const cookies = (await server.signIn()).split("; ").map((cookie) => {
    const [name = "", ...value] = cookie.split("=");
    const place = { domain: new URL(server.url).hostname, path: "/", expires: -1 };
    return { name, value: value.join("="), ...place, httpOnly: true, secure: false, sameSite: "Lax" as const };
  });
  return { cookies, origins: [] };
}
