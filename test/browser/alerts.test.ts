import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listRules, removeRule } from "@/lib/alerts/rules";
import { incidentList, oneIncident } from "@/lib/alerts/incidents";
import { round, sendAll } from "../alerts/database/support.ts";
import { launchBrowser, openPage, signInPage, type OpenPage } from "../support/browser.ts";
import { testServer, type TestServer } from "../support/server.ts";
import { until } from "../support/until.ts";

// The pages of alerts, from an endpoint that is slow to an incident that somebody looks after. Rounds are run by the tests.
let server: TestServer;
let browser: Browser;
let cookies: Awaited<ReturnType<ReturnType<Page["context"]>["storageState"]>>;
let empty: string;

const MINUTE = 60_000;

beforeAll(async () => {
  server = await testServer();
  browser = await launchBrowser();
  const { page } = await openPage(browser, { name: "sign-in" });
  await signInPage(page, server);
  cookies = await page.context().storageState();
  await page.goto(`${server.url}/alerts`);
  empty = await page.locator("main").innerText();
  await page.context().close();
  const end = Math.floor(Date.now() / 10_000) * 10_000;
  await sendAll(server.db, end - 12 * MINUTE, end, { route: "/feed", us: 900_000, user: "u_1" }, { route: "/well" });
}, 300_000);

afterAll(async () => {
  await browser?.close();
  await server?.stop();
}, 60_000);

type Options = Omit<Parameters<typeof openPage>[1], "name">;

/** A signed-in page; whatever goes wrong in it fails the test. */
async function at(path: string, use: (opened: OpenPage) => Promise<void>, options: Options = {}) {
  const opened = await openPage(browser, { name: "alerts", storageState: cookies, ...options });
  await opened.page.goto(server.url + path);
  await use(opened);
  expect(opened.problems).toEqual([]);
  await opened.page.context().close();
}

const rules = () => listRules(server.db);
const incidents = async () => (await incidentList(server.db, { limit: 50 })).incidents;
const endpointId = async () => (await server.db.endpoint.findFirstOrThrow({ where: { route: "/feed" } })).id;

/** What a page sends to change something, as method and path. */
function changes(page: Page): string[] {
  const sent: string[] = [];
  page.on("request", (request) => {
    if (request.method() !== "GET") sent.push(`${request.method()} ${new URL(request.url()).pathname}`);
  });
  return sent;
}

/** As the worker does every ten seconds: twice, so that what fired is told. */
async function judge(): Promise<void> {
  for (const later of [0, 11_000]) await round(server.db, Date.now() + later);
}

const row = (page: Page, table: string, name: string) =>
  page.getByRole("table", { name: table }).getByRole("row").filter({ hasText: name });

test("before there is a rule, the page says what one is and leads to the first", () => {
  expect(empty).toContain("Nothing fires.");
  expect(empty).toContain("No rules yet");
  expect(empty).toContain("Make the first rule");
});

describe("a rule", () => {
  test("is begun at an endpoint, tried on what was, and made once by a double click", async () => {
    const id = await endpointId();
    await at(`/endpoints/${id}`, async ({ page, screenshot }) => {
      await page.getByRole("link", { name: "Alert", exact: true }).click();
      await page.getByRole("heading", { name: "New rule" }).waitFor();
      expect(await page.getByRole("combobox", { name: "Endpoint" }).inputValue()).toBe("GET /feed");
      expect(await page.getByRole("combobox", { name: "Service" }).inputValue()).toBe("shop");
      await page.getByLabel("Above").fill("500 ms");
      await page.getByText("p99 of GET /feed above 500 ms over 5 min").waitFor();
      await page.getByRole("button", { name: "Try it" }).click();
      await page.getByText(/It would have fired once/).waitFor();
      await page.getByRole("img", { name: /What the rule judged over time/ }).waitFor();
      await screenshot("alerts-new-rule");
      await page.getByLabel("Name").fill("the feed is slow");
      await page.getByRole("button", { name: "Make the rule" }).dblclick();
      await page.getByRole("heading", { name: "the feed is slow" }).waitFor();
    });
    expect((await rules()).map(({ rule }) => rule)).toMatchObject([
      { name: "the feed is slow", kind: "percentile", thresholdUs: 500_000, endpoint: { route: "/feed" } },
    ]);
  });

  test("about stopped queries is begun at the page of what guards stopped", () =>
    at("/queries/stopped?service=shop&environment=production", async ({ page, screenshot }) => {
      await page.getByText("No query guard has told of anything yet").waitFor();
      await page.getByRole("link", { name: "Alert", exact: true }).click();
      await page.getByRole("heading", { name: "New rule" }).waitFor();
      expect(await page.getByRole("combobox", { name: "Service" }).inputValue()).toBe("shop");
      expect(await page.getByRole("combobox", { name: "Environment" }).inputValue()).toBe("production");
      await page.getByLabel("At least").fill("3");
      await page.getByText("Count dry runs, too").click();
      await page
        .getByText("3 or more queries of the service stopped by a guard within 5 min, dry runs counted")
        .waitFor();
      await page.getByRole("button", { name: "Try it" }).click();
      await page.getByText(/as they have told it by now/).waitFor();
      await screenshot("alerts-new-stopped-rule");
      await page.getByLabel("Name").fill("stopped");
      await page.getByRole("button", { name: "Make the rule" }).click();
      await page.getByRole("heading", { name: "stopped" }).waitFor();
      const made = (await rules()).find(({ rule }) => rule.name === "stopped")!;
      expect(made.rule).toMatchObject({ kind: "stopped_queries", thresholdCount: 3, includeDryRuns: true });
      await removeRule(server.db, made.id);
    }));

  test("whose fields cannot be read says which, sends nothing, and keeps what was typed", () =>
    at("/alerts/rules/new", async ({ page }) => {
      const sent = changes(page);
      await page.getByLabel("Name").fill("a second one");
      await page.getByLabel("Above").fill("quickly");
      await page.getByRole("button", { name: "Make the rule" }).click();
      await page.getByText("Write a latency: 500 ms, 1.2 s").first().waitFor();
      expect(await page.getByLabel("Above").inputValue()).toBe("quickly");
      expect(sent).toEqual([]);
    }));

  test("that the API refuses says why, and keeps what was typed", () =>
    at("/alerts/rules/new?name=the%20feed%20is%20slow", async ({ page, problems }) => {
      await page.getByRole("button", { name: "Make the rule" }).click();
      await page.getByRole("alert").getByText('There is a rule called "the feed is slow".').waitFor();
      await page.getByLabel("Over the last").fill("65 s");
      await page.getByRole("button", { name: "Make the rule" }).click();
      await page.getByText("Must be a multiple of 10.").waitFor();
      expect(await page.getByLabel("Over the last").inputValue()).toBe("65 s");
      problems.length = 0; // the browser notes the refusals itself
    }));

  test("is edited, switched off and on, and removed", async () => {
    await at("/alerts/rules/new?kind=silence&name=quiet", async ({ page }) => {
      await page.getByRole("button", { name: "Make the rule" }).click();
      await page.getByRole("heading", { name: "quiet" }).waitFor();
      await page.getByRole("link", { name: "Edit" }).click();
      await page.getByLabel("No request for").fill("10 min");
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("no request to all endpoints together for 10 min").waitFor();
      await page.getByRole("button", { name: "Switch off" }).dblclick();
      await page.getByRole("button", { name: "Switch on" }).waitFor();
      expect((await rules()).find(({ rule }) => rule.name === "quiet")?.state).toBe("off");
      await page.getByRole("button", { name: "Switch on" }).click();
      await page.getByRole("button", { name: "Switch off" }).waitFor();
      await page.getByRole("button", { name: "Remove" }).click();
      await page.getByRole("button", { name: "Remove the rule" }).click();
      await page.getByRole("heading", { name: "Alerts" }).waitFor();
    });
    expect((await rules()).map(({ rule }) => rule.name)).toEqual(["the feed is slow"]);
  });

  test("comes from a file once what it would do was looked at, and is said to be the file's", async () => {
    const file = (rules: string) => ({
      name: "tailfill.rules.yaml",
      mimeType: "application/yaml",
      buffer: Buffer.from(`version: 1\nrules:\n${rules}`),
    });
    const good = "  - { name: from a file, kind: silence, service: shop, environment: production }";
    await at("/alerts", async ({ page, problems }) => {
      const input = page.getByLabel("Rules file");
      await input.setInputFiles(file("  - { name: bad }"));
      await page
        .getByRole("alert")
        .getByText(/Nothing was changed\. rules\.0/)
        .waitFor();
      await input.setInputFiles(file(good));
      const dialog = page.getByRole("dialog");
      await dialog.getByText("Made: 1").waitFor();
      expect((await rules()).map(({ rule }) => rule.name)).not.toContain("from a file");
      await dialog.getByRole("button", { name: "Import" }).dblclick();
      await page.getByText("The rules are as the file has them: 1 made, 0 as before.").waitFor();
      await row(page, "Rules", "from a file").getByRole("link").click();
      await page.getByRole("link", { name: "Edit" }).click();
      await page.getByText("The rules file keeps this rule.").waitFor();
      problems.length = 0; // the browser notes the refusal itself
    });
    const [made] = (await rules()).filter(({ rule }) => rule.name === "from a file");
    expect(made?.source).toBe("file");
    await removeRule(server.db, made!.id);
  });

  test("that there is not is a page that was not found", () =>
    at("/alerts/rules/01a22f77-5ee6-732f-a3a9-7522acf32937", async ({ page, problems }) => {
      await page.getByRole("heading", { name: "There is no such rule or incident" }).waitFor();
      problems.length = 0; // the browser notes the 404 itself
    }));
});

describe("what fires", () => {
  test("is first on the board and said on every page, and leads to the incident", async () => {
    await judge();
    await at("/alerts", async ({ page, screenshot }) => {
      const firing = row(page, "Firing", "the feed is slow");
      await firing.getByText("/feed").last().waitFor();
      await page.getByRole("navigation", { name: "Main" }).getByText("1 firing").waitFor();
      await screenshot("alerts");
      await firing.getByRole("link").click();
      await page.getByRole("heading", { name: "the feed is slow" }).waitFor();
      await page.getByText("Nobody to tell: no receiver is named").waitFor();
      await page.locator("svg [data-alert]").first().waitFor();
      await screenshot("alerts-incident");
    });
  });

  test("is marked on the endpoint's charts, in words where one points at it, and beside its name", async () => {
    const [incident] = await incidents();
    await at(`/endpoints/${await endpointId()}?from=now-15m`, async ({ page }) => {
      await until(
        "every chart over time has the mark",
        async () => (await page.locator("svg [data-alert]").count()) === 3,
      );
      await page.getByRole("img", { name: /^Latency of GET \/feed/ }).focus();
      await page.keyboard.press("ArrowLeft");
      await page.getByRole("status").getByText("Alert: the feed is slow").waitFor();
    });
    await at("/", async ({ page }) => {
      await page.getByText(", alert: the feed is slow").waitFor({ state: "attached" });
    });
    expect(incident?.state).toBe("firing");
  });

  test("is acknowledged once by a double click, and says so when the server is not reached", async () => {
    const [incident] = await incidents();
    await at(`/alerts/incidents/${incident!.id}`, async ({ page, problems }) => {
      const button = page.getByRole("button", { name: "Acknowledge" });
      await page.route("**/acknowledge", (route) => route.abort(), { times: 1 });
      await button.click();
      await page.getByText("The tailfill server was not reached.").waitFor();
      const sent = changes(page);
      await button.dblclick();
      await page.getByText("owner@example.test looks after it").waitFor();
      expect(sent).toEqual([`POST /api/v1/alerts/incidents/${incident!.id}/acknowledge`]);
      problems.length = 0; // the browser notes the failed request itself
    });
    const { acknowledgedBy, timeline } = await oneIncident(server.db, incident!.id);
    expect(acknowledgedBy).toBe(server.owner.email);
    expect(timeline.filter(({ kind }) => kind === "acknowledged")).toHaveLength(1);
  });

  test("is among the incidents, by state, and can be gone back to", () =>
    at("/alerts/incidents", async ({ page, screenshot }) => {
      await row(page, "Incidents", "the feed is slow").waitFor();
      await screenshot("alerts-incidents");
      await page.getByRole("radiogroup").getByText("Resolved").click();
      await page.getByText("No such incident").waitFor();
      expect(page.url()).toContain("state=resolved");
      await page.goBack();
      await row(page, "Incidents", "the feed is slow").waitFor();
    }));

  test("that cannot be read is said, and asked for again", () =>
    at("/alerts", async ({ page, problems }) => {
      await page.route("**/data/alerts/board", (route) => route.fulfill({ status: 503, json: {} }));
      await page.getByText("The server answered 503.").waitFor();
      await row(page, "Rules", "the feed is slow").waitFor();
      await page.unroute("**/data/alerts/board");
      await page.getByRole("button", { name: "Try again" }).click();
      await page.getByText("The server answered 503.").waitFor({ state: "detached" });
      problems.length = 0; // the browser notes the failed requests itself
    }));
});

describe.each([
  ["narrow", { viewport: { width: 360, height: 780 } }],
  ["dark", { colorScheme: "dark" as const }],
])("%s", (look, options) => {
  test.each(["", "/incidents", "/incidents/ID", "/rules/ID", "/rules/new?kind=burn_rate"])(
    "/alerts%s fits",
    async (path) => {
      const id = path.startsWith("/rules") ? (await rules())[0]!.id : (await incidents())[0]!.id;
      await at(
        `/alerts${path.replace("ID", id)}`,
        async ({ page, screenshot }) => {
          await page.getByRole("heading", { level: 1 }).waitFor();
          await until("nothing is loading", async () => (await page.locator(".animate-breathe").count()) === 0);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          expect(wide).toBeLessThanOrEqual(0);
          await screenshot(`alerts${path.replaceAll(/\W+/g, "-")}-${look}`);
        },
        options,
      );
    },
  );
});
