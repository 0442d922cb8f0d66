import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Deliverer } from "@/lib/alerts/delivery/deliverer";
import { insertEvents } from "@/lib/store/alert-events";
import { writeSeries } from "@/lib/store/alert-series";
import { uuid7 } from "@/lib/store/uuid7";
import { outsideOf, Receiving, SECRET } from "../alerts/delivery/database/support.ts";
import { told } from "../alerts/delivery/told.ts";
import { SLOW_FEED } from "../alerts/database/support.ts";
import { FakeClock } from "../support/clock.ts";
import { room, type Room } from "../support/room.ts";

// The pages of receivers, silences and deliveries, in the order in which somebody would come to them.
let at: Room["at"];
let suite: Room;
let key: string;
let receiving: Receiving;

beforeAll(async () => {
  receiving = await new Receiving().listen();
  const env = { TAILFILL_SECRET: SECRET, TAILFILL_WEBHOOK_ALLOW: "127.0.0.0/8" };
  suite = await room(() => Promise.resolve(), { env });
  at = suite.at;
  key = await suite.server.key("read", "write");
}, 120_000);
afterAll(async () => {
  await suite?.stop();
  receiving.close();
}, 60_000);

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await fetch(`${suite.server.url}/api/v1/alerts/${path}`, { method, headers, ...sent });
  const text = await answer.text();
  expect([path, answer.status, text]).toEqual([path, expect.toBeOneOf([200, 201, 204]), text]);
  return (text === "" ? undefined : JSON.parse(text)) as T;
}

const made = (name: string, path: string) =>
  call<{ id: string }>("POST", "receivers", { name, kind: "webhook", url: receiving.url(path) });

/** Tells receivers of something, and sends it. */
async function tell(...receivers: string[]): Promise<void> {
  const { db } = suite.server;
  const atMs = Date.now();
  const payload = told();
  const incidentId = payload.data.incident.id;
  await insertEvents(db, [{ id: uuid7(atMs), incidentId, type: payload.type, atMs, receivers, payload }]);
  await send();
}

async function send(): Promise<void> {
  const deliverer = new Deliverer(suite.server.db, outsideOf(new FakeClock(Date.now())), () => 0.5);
  await deliverer.round();
  await deliverer.settled();
}

const rowOf = (page: Page, table: string, text: string) =>
  page.getByRole("table", { name: table }).getByRole("row").filter({ hasText: text });
const dialog = (page: Page) => page.getByRole("dialog");
const inDialog = (page: Page, button: string) => dialog(page).getByRole("button", { name: button });

async function menu(page: Page, name: string, item: string): Promise<void> {
  await page.getByRole("button", { name: `More about ${name}` }).click();
  await page.getByRole("menuitem", { name: item }).click();
}

const isTooWide = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);

describe("receivers", () => {
  test("the first: what it is, its secret shown once, and made once however often it is pressed", () =>
    at("/alerts/receivers", async ({ page, screenshot }) => {
      await page.getByText("Nobody is told yet").waitFor();
      await screenshot("receivers-empty");
      await page.getByRole("button", { name: "Make the first receiver" }).click();
      await dialog(page).getByLabel("Name").fill("ops");
      await dialog(page).getByLabel("Address").fill(receiving.url("/hook?token=sesame"));
      await screenshot("receivers-new");
      await inDialog(page, "Make the receiver").dblclick();
      const secret = await dialog(page)
        .getByText(/^whsec_/)
        .textContent();
      await screenshot("receivers-secret");
      await inDialog(page, "Done").click();
      await rowOf(page, "Receivers", "ops").waitFor();
      expect(await rowOf(page, "Receivers", "ops").count()).toBe(1);
      await page.reload();
      expect(await page.content()).not.toContain(secret!);
      expect(await page.locator("main").innerText()).not.toContain("sesame");
    }));

  test("what is wrong is told, and what was typed stays; only the kind's own fields are there", () =>
    at("/alerts/receivers", async ({ page, problems, screenshot }) => {
      await page.getByRole("button", { name: "New receiver" }).click();
      await dialog(page).getByLabel("Name").fill("bad");
      await dialog(page).getByLabel("Address").fill("ftp://example.com");
      await inDialog(page, "Make the receiver").click();
      await dialog(page).getByRole("alert").getByText("must begin with https:// or http://").waitFor();
      expect(await dialog(page).getByLabel("Address").inputValue()).toBe("ftp://example.com");
      await screenshot("receivers-bad");
      problems.length = 0; // the console tells of the 400
      await dialog(page).getByRole("radio", { name: "PagerDuty" }).check({ force: true });
      await dialog(page).getByLabel("Integration key").waitFor();
      expect(await dialog(page).getByLabel("Address").count()).toBe(0);
      await screenshot("receivers-pagerduty");
      await dialog(page).getByRole("radio", { name: "E-mail" }).check({ force: true });
      await dialog(page).getByText("TAILFILL_SMTP_URL").waitFor();
    }));

  test("a test says what became of it", () =>
    at("/alerts/receivers", async ({ page, screenshot }) => {
      receiving.respond = (_, response) => response.writeHead(204).end();
      await page.getByRole("button", { name: "Test ops" }).click();
      await dialog(page)
        .getByText(/It answered 204 after \d/)
        .waitFor();
      receiving.respond = (_, response) => response.writeHead(500).end();
      await inDialog(page, "Send another").click();
      await dialog(page).getByText("It answered 500").waitFor();
      await screenshot("receivers-test");
      await inDialog(page, "Close").first().click();
      await rowOf(page, "Receivers", "Test, failed").waitFor();
    }));

  test("another secret is shown once, and the one before signs for a day", () =>
    at("/alerts/receivers", async ({ page }) => {
      await menu(page, "ops", "New secret");
      await dialog(page).getByText("For 24 hours").waitFor();
      await inDialog(page, "Make a new secret").click();
      await dialog(page)
        .getByText(/^whsec_/)
        .waitFor();
      await inDialog(page, "Done").click();
      await dialog(page).waitFor({ state: "hidden" });
    }));

  test("one that was switched off by itself stands above, with what was lost, and is switched on there", async () => {
    const { id } = await made("gone", "/gone");
    await call("POST", "rules", { ...SLOW_FEED, receivers: [id] });
    receiving.respond = (_, response) => response.writeHead(410).end("no more");
    await tell(id);
    await tell(id);
    await at("/alerts/receivers", async ({ page, screenshot }) => {
      const banner = page.getByRole("alert").filter({ hasText: "“gone” was switched off by itself" });
      expect(await banner.innerText()).toMatch(/answered 410.*1 message could not be sent/s);
      await rowOf(page, "Receivers", "off by itself").waitFor();
      await screenshot("receivers");
      await banner.getByRole("button", { name: "Switch on" }).click();
      await banner.waitFor({ state: "hidden" });
      await menu(page, "gone", "Switch off");
      await inDialog(page, "Switch off").click();
      await rowOf(page, "Receivers", "switched off").waitFor();
    });
  });

  test("one is renamed and removed; the rules that name it are told before", () =>
    at("/alerts/receivers", async ({ page, screenshot }) => {
      await menu(page, "gone", "Edit");
      await dialog(page).waitFor();
      await page.keyboard.press("Escape");
      await page.waitForFunction(() => document.activeElement?.getAttribute("aria-label") === "More about gone");
      await menu(page, "gone", "Edit");
      await dialog(page).getByLabel("Name").fill("billing");
      await inDialog(page, "Save").click();
      await rowOf(page, "Receivers", "billing").waitFor();
      await menu(page, "billing", "Remove");
      await dialog(page).getByText("the feed is slow").waitFor();
      await screenshot("receivers-remove");
      await inDialog(page, "Remove the receiver").click();
      await dialog(page).waitFor({ state: "hidden" }); // while it is open, nothing behind it has a role
      await rowOf(page, "Receivers", "billing").waitFor({ state: "hidden" });
      const { rules } = await call<{ rules: { rule: { receivers: string[] } }[] }>("GET", "rules");
      expect(rules[0]!.rule.receivers).toEqual([]);
    }));
});

test("while the server is not reached, what was read stays and it is said so", () =>
  at("/alerts/receivers", async ({ page, problems, screenshot }) => {
    await page.route("**/data/alerts/receivers", (route) => route.abort());
    await page.getByRole("button", { name: "Test ops" }).click(); // after it the page asks again
    await inDialog(page, "Close").first().click();
    await page.getByText("The tailfill server was not reached.").waitFor();
    await rowOf(page, "Receivers", "ops").waitFor();
    await screenshot("receivers-error");
    problems.length = 0; // the console tells of what was not reached
  }));

describe("silences", () => {
  const LINK = "/alerts/silences?new=1&rule=the+feed*&endpoint=GET+/feed&service=shop&environment=production";

  test("another page's link fills the dialog; the silence says what it mutes, and ends", async () => {
    const { rules } = await call<{ rules: { id: string }[] }>("GET", "rules");
    const about = { service: "shop", environment: "production", endpointId: 1, method: "GET", route: "/feed" };
    const times = { activeAtMs: null, firedAtMs: null, keepUntilMs: null, evaluatedAtMs: null, resolvedAtsMs: [] };
    const now = { state: "firing", verdict: "breach", observed: null, why: null, missing: 0, failures: 0 };
    const series = { ruleId: rules[0]!.id, series: "endpoint 1", about, incidentId: null };
    await writeSeries(suite.server.db, [{ ...series, ...now, ...times }]);
    await at(LINK, async ({ page, screenshot }) => {
      expect(await dialog(page).getByLabel("Endpoint").inputValue()).toBe("GET /feed");
      await screenshot("silences-new");
      await dialog(page).getByLabel("Reason").fill("a release");
      await inDialog(page, "Silence").dblclick();
      const row = rowOf(page, "Silences", "a release");
      await row.waitFor();
      expect(await row.innerText()).toMatch(/1 series\s+1 firing/);
      expect(new URL(page.url()).search).toBe("");
      expect(await row.count()).toBe(1);
      await call("PATCH", `silences/${await onlySilence()}`, { from: new Date(Date.now() - 300_000).toISOString() });
      await page.reload();
      await row.getByRole("button", { name: "End now" }).click();
      await rowOf(page, "Silences", "ended").waitFor();
      await page.getByText("Nothing is silenced").waitFor();
    });
  });

  const onlySilence = async () =>
    (await call<{ silences: { id: string }[] }>("GET", "silences")).silences.map(({ id }) => id).join();

  test("what is wrong is told, and what was typed stays; one that is not a minute old goes when it is ended", () =>
    at("/alerts/silences", async ({ page, problems, screenshot }) => {
      await page.getByRole("button", { name: "New silence" }).click();
      await dialog(page).getByLabel("Reason").fill("too wide");
      await inDialog(page, "Silence").click();
      await dialog(page).getByRole("alert").getByText("must hold at least one pattern").waitFor();
      await screenshot("silences-bad");
      problems.length = 0; // the console tells of the 400
      expect(await dialog(page).getByLabel("Reason").inputValue()).toBe("too wide");
      await dialog(page).getByLabel("Rule").fill("*");
      await inDialog(page, "Silence").click();
      const row = rowOf(page, "Silences", "too wide");
      await row.getByRole("button", { name: "End now" }).click();
      await row.waitFor({ state: "hidden" });
    }));

  test("maintenance is planned every week, changed, and removed", () =>
    at("/alerts/silences", async ({ page, screenshot }) => {
      await page.getByRole("button", { name: "New maintenance" }).click();
      await dialog(page).getByLabel("Name").fill("the import");
      await dialog(page).getByLabel("Service").fill("shop");
      await dialog(page).getByRole("radio", { name: "every week" }).check({ force: true });
      await screenshot("maintenance-new");
      await inDialog(page, "Plan it").click();
      await rowOf(page, "Maintenance", "every week, next").waitFor();
      await menu(page, "the import", "Edit");
      await dialog(page).getByLabel("Name").fill("the nightly import");
      await inDialog(page, "Save").click();
      await rowOf(page, "Maintenance", "the nightly import").waitFor();
      await call("POST", "silences", { matcher: { rule: "checkout *" }, reason: "INC-7", from: soon(2), to: soon(5) });
      await call("POST", "silences", { matcher: { service: "shop", user: "u_42" }, reason: "a bot", to: soon(1) });
      await page.reload();
      await screenshot("silences");
      await menu(page, "the nightly import", "Remove");
      await inDialog(page, "Remove the maintenance").click();
      await page.getByText("No maintenance is planned").waitFor();
    }));

  const soon = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
});

describe("deliveries", () => {
  let good: string;

  test("are listed with their states; one opens to its attempts and its request", async () => {
    good = (await made("log", "/log?token=sesame")).id;
    receiving.respond = (_, response) => response.writeHead(500).end("not\ntoday");
    await tell(good);
    receiving.respond = (_, response) => response.end("thanks");
    await tell(good);
    await at(`/alerts/deliveries?receiver=${good}`, async ({ page, screenshot }) => {
      expect(await rowOf(page, "Deliveries", "Incident opened").count()).toBe(2);
      await rowOf(page, "Deliveries", "waiting")
        .getByRole("button", { name: /attempts and request/ })
        .click();
      await page.getByText("It answered 500").waitFor();
      expect(await page.getByRole("region", { name: "The answer" }).innerText()).toBe("not\ntoday");
      const request = await page.getByRole("region", { name: "The request" }).innerText();
      expect(request).toContain(`POST ${receiving.url("/…")}`);
      expect(request).toContain('"rule": "count is slow"');
      expect(await page.content()).not.toContain("sesame");
      await screenshot("deliveries-open");
      await page.reload();
      await page.getByText("It answered 500").waitFor(); // what is open stands in the address
    });
  });

  test("are narrowed in the address, and say when there is none", () =>
    at("/alerts/deliveries", async ({ page, screenshot }) => {
      await screenshot("deliveries");
      await page.getByRole("combobox", { name: "State" }).click();
      await page.getByRole("option", { name: "delivered" }).click();
      await page.waitForURL(/state=delivered/);
      await rowOf(page, "Deliveries", "waiting").first().waitFor({ state: "hidden" });
      await page.goto(`${suite.server.url}/alerts/deliveries?incident=${crypto.randomUUID()}`);
      await page.getByText("No such deliveries").waitFor();
      await page.getByRole("button", { name: "Show all", exact: true }).click();
      await rowOf(page, "Deliveries", "Incident opened").first().waitFor();
    }));

  test("one is sent again; of a receiver that is off it is said why not", () =>
    at(`/alerts/deliveries?receiver=${good}&state=delivered`, async ({ page, problems }) => {
      await page.getByRole("button", { name: /attempts and request/ }).click();
      await call("PATCH", `receivers/${good}`, { enabled: false });
      await page.getByRole("button", { name: "Send again" }).click();
      await page.getByRole("alert").getByText("switch it on first").waitFor();
      problems.length = 0; // the console tells of the 400
      await call("PATCH", `receivers/${good}`, { enabled: true });
      await page.goto(`${suite.server.url}/alerts/deliveries?receiver=${good}&state=delivered`);
      await page.getByRole("button", { name: /attempts and request/ }).click();
      await page.getByRole("button", { name: "Send again" }).click();
      await page.getByText("No such deliveries").waitFor(); // it waits now
      await send();
      await page.reload();
      await rowOf(page, "Deliveries", "delivered").waitFor();
    }));

  test("are shown page by page, and the browser goes back", async () => {
    receiving.respond = (_, response) => response.end();
    for (let i = 0; i < 26; i += 1) await call("POST", `receivers/${good}/test`);
    await at(`/alerts/deliveries?receiver=${good}`, async ({ page }) => {
      const made = page.getByRole("button", { name: /attempts and request/ });
      expect(await made.count()).toBe(25);
      await page.getByRole("button", { name: "Older" }).click();
      await page.waitForURL(/before=/);
      await rowOf(page, "Deliveries", "Incident opened").first().waitFor();
      expect(await page.getByRole("button", { name: "Older" }).isDisabled()).toBe(true);
      await page.goBack();
      await page.waitForFunction(() => !location.search.includes("before="));
      await rowOf(page, "Deliveries", "Incident opened").first().waitFor({ state: "hidden" });
    });
  });
});

test.each(["receivers", "silences", "deliveries"])("%s fits a phone, and the dark", async (name) => {
  const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
  await at(
    `/alerts/${name}`,
    async ({ page, screenshot }) => {
      expect(await isTooWide(page)).toBe(false);
      await screenshot(`${name}-phone`);
    },
    phone,
  );
  await at(`/alerts/${name}`, ({ screenshot }) => screenshot(`${name}-dark`), { colorScheme: "dark" });
});
