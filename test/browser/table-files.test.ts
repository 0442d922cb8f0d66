import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createRule } from "@/lib/alerts/rules";
import { room, type Room } from "../support/room.ts";
import { seed } from "../support/seed.ts";

let pages: Room;
let endpointId: number;

beforeAll(async () => {
  pages = await room(async ({ db }) => {
    await seed(db, { nowMs: Date.now(), denseMinutes: 14 });
    const rule = { name: "slow", kind: "percentile", service: "shop", environment: "production" };
    await createRule(db, { ...rule, percentile: 99, thresholdUs: 1_000 }, { nowMs: Date.now(), by: null });
  });
  const found = await pages.server.db.endpoint.findFirstOrThrow({ where: { route: "/users/:id/comments" } });
  endpointId = found.id;
}, 300_000);
afterAll(() => pages?.stop(), 60_000);

/** The tables that a page offers by itself, and those that its charts offer when they are shown as tables. */
const OFFERED: [string, string[]][] = [
  ["/", ["endpoints", "series"]],
  ["/endpoints/ID", ["endpoint-users", "endpoint-series"]],
  ["/users?user=u_1", ["user-endpoints", "user-series"]],
  ["/alerts", ["alert-rules"]],
  ["/settings/services", ["services"]],
  ["/settings/storage", ["storage"]],
  ["/settings/jobs", ["jobs"]],
  ["/settings/losses", ["losses"]],
];

test.each(OFFERED)("%s offers its tables as files, and they are there", (path, tables) =>
  pages.at(path.replace("ID", String(endpointId)), async ({ page }) => {
    await page.locator(`a[href*="/api/v1/tables/${tables[0]}.csv"]`).first().waitFor();
    const asTable = page.getByRole("button", { name: /^Show .* as a table$/ });
    while ((await asTable.count()) > 0) await asTable.first().click();
    const links = await page
      .locator('a[href*="/api/v1/tables/"]')
      .evaluateAll((all) => all.map((one) => one.getAttribute("href")!));
    const named = new Set(links.map((href) => /tables\/([a-z-]+)\./.exec(href)![1]));
    expect([...named]).toEqual(expect.arrayContaining(tables));
    for (const href of new Set(links)) {
      const status = await page.evaluate(async (address) => (await fetch(address)).status, href);
      expect([href, status]).toEqual([href, 200]);
    }
  }),
);

test("the file of the overview has the rows that are on the page, named by service and range", () =>
  pages.at("/?service=shop&environment=production", async ({ page }) => {
    const link = page.getByRole("link", { name: "Download these endpoints as CSV" });
    await link.waitFor();
    const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
    expect(download.suggestedFilename()).toMatch(/^shop production endpoints .*\.csv$/);
    const lines = readFileSync(await download.path(), "utf8")
      .trimEnd()
      .split("\r\n");
    const table = page.getByRole("table", { name: "Endpoints" });
    expect(lines.length).toBe(Number(await table.getAttribute("aria-rowcount")));
    for (const route of ["/users/:id/comments", "(unmatched)"]) expect(lines.join("\n")).toContain(route);
  }));
