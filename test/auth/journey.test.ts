import type { Browser, Page, Request } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createSetupLink } from "@/lib/auth/first-user";
import { isApiKey } from "@/lib/key-format";
import { createPasswordLink } from "@/lib/auth/password-links";
import { launchBrowser, openPage, type OpenPage } from "@/test/support/browser";
import { testServer, type TestServer } from "@/test/support/server";

const PASSWORD = "a long password of words";

let server: TestServer;
let browser: Browser;
let owner: OpenPage;
let page: Page;
/** Whatever must never be written to a log. */
const secrets = [PASSWORD];

beforeAll(async () => {
  [server, browser] = await Promise.all([testServer({ owner: false }), launchBrowser()]);
  owner = await openPage(browser, { name: "owner" });
  page = owner.page;
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const shoot = (name: string, of = owner) => of.screenshot(`account-${name}`);
const button = (name: string, of = page) => of.getByRole("button", { name, exact: true });

/** Presses a button twice before the page can draw anything of the first press; gives what was sent. */
async function pressTwice(name: string, done: () => Promise<unknown>): Promise<string[]> {
  const sent: string[] = [];
  const note = (request: Request) => void (request.method() === "POST" && sent.push(new URL(request.url()).pathname));
  page.on("request", note);
  await button(name).evaluate((element: HTMLElement) => {
    element.click();
    element.click();
  });
  await done();
  page.off("request", note);
  return sent;
}

/** A 4xx that a page is meant to meet is written to the console by the browser; everything else is a problem. */
function unexpected(): string[] {
  return owner.problems.filter((line) => !/status of (400|401|410|429)/.test(line));
}

test("the first visit: a wrong link, the right one, and then none", async () => {
  expect((await page.goto(`${server.url}/setup?token=nonsense`))?.status()).toBe(200);
  await page.getByRole("heading", { name: "This link does not work" }).waitFor();
  await shoot("setup-expired");
  const token = await createSetupLink(server.db);
  secrets.push(token ?? "");
  await page.goto(`${server.url}/setup?token=${token}`);
  await shoot("setup");
  await page.getByLabel("E-mail").fill("owner@example.test");
  await page.getByLabel("Password").fill("password123");
  await button("Make the account").click();
  await page.getByText("one of those that are tried first").waitFor();
  await shoot("setup-common");
  await page.getByLabel("Password").fill(PASSWORD);
  const sent = await pressTwice("Make the account", () => page.waitForURL(/\/start/));
  expect(sent).toEqual(["/api/auth/setup"]);
  const again = await page.goto(`${server.url}/setup?token=${token}`);
  expect(again?.status()).toBe(410);
  await page.getByRole("heading", { name: "Setup is closed" }).waitFor();
  await shoot("setup-closed");
  expect(unexpected()).toEqual([]);
});

test("a key is made, shown once, and revoked", async () => {
  await page.goto(`${server.url}/settings/keys`);
  await page.getByText("No keys yet").waitFor();
  await shoot("keys-empty");
  await button("New key").click();
  await page.getByLabel("Name").fill("shop, production");
  await page.getByRole("checkbox", { name: /read/ }).click();
  await shoot("keys-new");
  expect(await pressTwice("Make the key", () => button("Done").waitFor())).toEqual(["/api/v1/keys"]);
  const key = await page.locator("code").innerText();
  expect(isApiKey(key)).toBe(true);
  secrets.push(key);
  await shoot("keys-shown");
  await button("Done").click();
  await page.getByRole("cell", { name: "shop, production" }).waitFor();
  expect(await page.content()).not.toContain(key);
  const ask = () => fetch(`${server.url}/api/v1/services`, { headers: { authorization: `Bearer ${key}` } });
  expect((await ask()).status).toBe(200);
  await shoot("keys");
  await button("Revoke").click();
  await shoot("keys-revoke");
  await button("Revoke the key").click();
  await page.getByText(/^revoked/).waitFor();
  expect((await ask()).status).toBe(401);
  expect(unexpected()).toEqual([]);
});

test("somebody is invited, joins, and is removed: their session ends at once", async () => {
  await page.goto(`${server.url}/settings/users`);
  await page.getByText("the last one stays").waitFor();
  await button("Invite").click();
  await page.getByLabel("E-mail").fill("guest@example.test");
  await button("Make the link").click();
  const link = new URL(await page.locator("code").innerText());
  secrets.push(link.pathname.split("/")[2] ?? "");
  await shoot("users-link");
  await button("Done").click();
  await page.getByRole("heading", { name: "Open invitations" }).waitFor();
  await shoot("users-invited");
  const theirs = await openPage(browser, { name: "guest", viewport: { width: 360, height: 740 } });
  await theirs.page.goto(server.url + link.pathname);
  await shoot("invite-narrow", theirs);
  await theirs.page.getByLabel("Password").fill(PASSWORD);
  await button("Make the account", theirs.page).click();
  await theirs.page.waitForURL(`${server.url}/`);
  expect((await theirs.page.goto(server.url + link.pathname))?.status()).toBe(410);
  await shoot("invite-over", theirs);
  await theirs.page.goto(`${server.url}/settings/users`);
  await theirs.page.getByRole("cell", { name: /guest@example.test/ }).waitFor();
  await shoot("users-narrow", theirs);
  await page.reload();
  await page
    .getByRole("row", { name: /guest@example.test/ })
    .getByRole("button", { name: "Remove" })
    .click();
  await shoot("users-remove");
  await button("Remove the user").click();
  await page.getByText("the last one stays").waitFor();
  await theirs.page.goto(`${server.url}/settings/users`);
  expect(theirs.page.url()).toContain("/sign-in");
  expect(unexpected()).toEqual([]);
});

test("the password is changed, and signing out ends the session", async () => {
  await page.goto(`${server.url}/settings/account`);
  await page.getByLabel("Current password").fill("not the password");
  await page.getByLabel("New password").fill(`${PASSWORD}, a new one`);
  await button("Change the password").click();
  await page.getByText("The current password is wrong.").waitFor();
  await shoot("account-wrong");
  await page.getByLabel("Current password").fill(PASSWORD);
  await button("Change the password").click();
  await page.getByText("The password is changed.").waitFor();
  await shoot("account");
  await button("Sign out").click();
  await page.waitForURL(/\/sign-in/);
  await page.goto(`${server.url}/settings/keys`);
  await page.waitForURL(/\/sign-in\?to=%2Fsettings%2Fkeys/);
  expect(unexpected()).toEqual([]);
});

test("wrong passwords: told, counted, made to wait; the right one leads where one wanted to go", async () => {
  const stranger = await openPage(browser, { name: "stranger", colorScheme: "dark" });
  const guess = async (of: Page, password: string) => {
    await of.getByLabel("E-mail").fill("owner@example.test");
    await of.getByLabel("Password").fill(password);
    const [answer] = await Promise.all([of.waitForResponse(/\/api\/auth\/sign-in/), button("Sign in", of).click()]);
    return answer.status();
  };
  await stranger.page.goto(`${server.url}/sign-in`);
  await shoot("sign-in-dark", stranger);
  expect(await guess(stranger.page, "wrong")).toBe(401);
  await stranger.page.getByText("The e-mail address or the password is wrong.").waitFor();
  await shoot("sign-in-wrong", stranger);
  for (let i = 0; i < 9; i++) expect(await guess(stranger.page, "wrong")).toBe(401);
  expect(await guess(stranger.page, "wrong")).toBe(429);
  await stranger.page.getByText(/You can try again in \d+:\d\d min/).waitFor();
  await shoot("sign-in-wait", stranger);
  expect(await button("Sign in", stranger.page).isDisabled()).toBe(true);
  // The owner's own browser is known and does not have to wait.
  await shoot("sign-in");
  expect(await guess(page, `${PASSWORD}, a new one`)).toBe(204);
  await page.waitForURL(`${server.url}/settings/keys`);
  expect([...unexpected(), ...stranger.problems.filter((line) => !/status of (401|429)/.test(line))]).toEqual([]);
});

test("a lost password is replaced by a link, which ends the sessions that there were", async () => {
  const token = await createPasswordLink(server.db, "owner@example.test");
  secrets.push(token);
  const other = await openPage(browser, { name: "who lost it", viewport: { width: 360, height: 740 } });
  await other.page.goto(`${server.url}/sign-in`);
  await other.page.getByText("No account, or password lost?").click();
  await other.page.getByText("node dist/cli.js link --email").waitFor();
  await shoot("sign-in-lost", other);
  await other.page.goto(`${server.url}/new-password/${token}`);
  expect(await other.page.getByLabel("E-mail").inputValue()).toBe("owner@example.test");
  await shoot("new-password", other);
  await other.page.getByLabel("New password").fill(`${PASSWORD}, yet another`);
  await button("Set the password", other.page).click();
  await other.page.waitForURL(`${server.url}/`);
  await page.goto(`${server.url}/settings/keys`);
  await page.waitForURL(/\/sign-in/);
  expect((await other.page.goto(`${server.url}/new-password/${token}`))?.status()).toBe(410);
  await shoot("new-password-over", other);
  expect([...unexpected(), ...other.problems.filter((line) => !/status of 410/.test(line))]).toEqual([]);
});

test("the logs of all this hold no password, key, token or cookie", async () => {
  for (const { value } of await page.context().cookies())
    secrets.push(value, decodeURIComponent(value).split(".")[0] ?? "");
  expect(secrets.filter((secret) => secret.length >= 16 && server.output().includes(secret))).toEqual([]);
  expect(secrets.filter((secret) => secret.length >= 16).length).toBeGreaterThan(5);
});
