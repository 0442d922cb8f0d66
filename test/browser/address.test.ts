import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { room, type Room } from "../support/room.ts";
import { seed } from "../support/seed.ts";
import { until } from "../support/until.ts";

// What a reader chose stands in the address: whoever gets the link sees the same, and the browser's back goes back.
let readers: Room;
let endpoint: string;

beforeAll(async () => {
  readers = await room(({ db }) => seed(db, { nowMs: Date.now(), denseMinutes: 12 }));
  const found = await readers.server.db.endpoint.findFirstOrThrow({ where: { route: "/users/:id/comments" } });
  endpoint = `/endpoints/${found.id}?from=now-15m`;
}, 300_000);

afterAll(() => readers?.stop(), 60_000);

/** As somebody else who got the link would open it. */
const at: Room["at"] = (...asked) => readers.at(...asked);

const byPercentile = (page: Page) => page.getByRole("img", { name: /^By percentile/ });

test("users ticked in the tail are drawn by percentile, keep their place, and can be unticked", () =>
  at(endpoint, async ({ page, screenshot }) => {
    const ticks = page.getByRole("checkbox", { name: /by percentile$/ });
    await ticks.nth(0).click();
    await ticks.nth(2).click();
    await page.waitForURL(/users=u_\d+,u_\d+/);
    const names = new URL(page.url()).searchParams.get("users")!.split(",");
    for (const name of names) await until(`${name} is drawn`, () => isDrawn(page, name));
    await screenshot("endpoint-users");
    await at(page.url(), async (other) => {
      for (const name of names) await until(`${name} is drawn`, () => isDrawn(other.page, name));
      await other.page.getByRole("checkbox", { name: `Draw ${names[0]} by percentile` }).click();
      await other.page.waitForURL((url) => url.searchParams.get("users") === `,${names[1]}`);
      await other.page.getByRole("button", { name: "Untick all" }).click();
      await other.page.waitForURL((url) => !url.searchParams.has("users"));
    });
  }));

const isDrawn = async (page: Page, name: string) =>
  new RegExp(`${name} from .* at p50`).test((await byPercentile(page).getAttribute("aria-label")) ?? "");

test("no more than five users are drawn, and keys read their lines", () =>
  at(`${endpoint}&users=u_1,u_2,u_3,u_4,u_5,u_6`, async ({ page }) => {
    await until("five are drawn", async () => isDrawn(page, "u_5"));
    expect(await isDrawn(page, "u_6")).toBe(false);
    const sixth = page.getByRole("checkbox", { name: "Draw u_6 by percentile" });
    expect(await sixth.isDisabled()).toBe(true);
    await byPercentile(page).focus();
    for (let i = 0; i < 3; i += 1) await page.keyboard.press("ArrowRight");
    const tip = byPercentile(page).getByRole("status");
    await tip.getByText("p50").waitFor();
    expect(await tip.textContent()).toMatch(/all users.*u_1.*u_5/);
  }));

test("a line that is switched off stays off for whoever gets the link", () =>
  at("/?from=now-15m", async ({ page }) => {
    await page.getByRole("button", { name: "p50", exact: true }).first().click();
    await page.waitForURL(/hide=p50/);
    await at(page.url(), async (other) => {
      await other.page.getByRole("img", { name: /over time: p95, p99, p99.9\./ }).waitFor();
      await other.page.getByRole("button", { name: "p50", exact: true }).first().click();
      await other.page.getByRole("img", { name: /over time: p50, p95, p99, p99.9\./ }).waitFor();
      expect(new URL(other.page.url()).searchParams.has("hide")).toBe(false);
    });
  }));

test("columns are in the address, and remembered", () =>
  at("/", async ({ page }) => {
    const heading = (of: Page, name: string) => of.getByRole("columnheader", { name, exact: true });
    await page.getByRole("button", { name: "Choose columns" }).click();
    await page.getByRole("menuitemcheckbox", { name: "Client errors" }).click();
    await page.getByRole("menuitemcheckbox", { name: "Aborted" }).click();
    await page.waitForURL(/columns=lost,p50,p95,p99,p99.9,max,n,errors,client,trend/);
    await heading(page, "Client errors").waitFor();
    await at(page.url(), async (other) => {
      await heading(other.page, "Client errors").waitFor();
      expect(await heading(other.page, "Aborted").count()).toBe(0);
    });
    await page.goto(readers.server.url);
    await page.waitForURL(/columns=.*client/);
  }));

describe("the clock", () => {
  test("of a link goes before the one of who opens it, and is not remembered", () =>
    at("/?clock=utc&from=2026-01-05T10:00:00Z&to=2026-01-05T11:00:00Z", async ({ page }) => {
      await page.getByText("5 Jan, 10:00 to 11:00").waitFor();
      await page.goto(`${readers.server.url}/?from=2026-01-05T10:00:00Z&to=2026-01-05T11:00:00Z`);
      await page.getByText("5 Jan, 11:00 to 12:00").waitFor();
    }));

  test("is chosen beside the range, remembered, and put into the address", () =>
    at("/?from=2026-01-05T10:00:00Z&to=2026-01-05T11:00:00Z", async ({ page }) => {
      await page.getByText("5 Jan, 11:00 to 12:00").click();
      await page.getByText("UTC", { exact: true }).click();
      await page.waitForURL(/clock=utc/);
      await page.goto(`${readers.server.url}/?from=now-3h`);
      await page.waitForURL(/clock=utc/);
      await page.getByRole("link", { name: "/feed" }).first().click();
      await page.waitForURL(/endpoints.*clock=utc/);
    }));
});

describe("an address that cannot be read", () => {
  test("is told, and corrected on request", () =>
    at("/?from=yesterday&compare=year", async ({ page, screenshot }) => {
      await page.getByText("from: “yesterday” is no time. The range begins an hour ago.").waitFor();
      await screenshot("address-unread");
      await page.getByRole("button", { name: "Correct the address" }).click();
      await page.waitForURL((url) => !url.search.includes("yesterday") && !url.search.includes("year"));
      await page.getByText("yesterday").waitFor({ state: "detached" });
    }));

  test.each(["/?from=now&to=now-1h", `ENDPOINT&to=then`, "/users?user=u_1&from=x", "/settings/losses?from=x"])(
    "%s is told",
    (address) =>
      at(address.replace("ENDPOINT", endpoint), ({ page }) =>
        page.getByText("This address asks for something that cannot be shown.").waitFor(),
      ),
  );
});
