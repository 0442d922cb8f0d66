import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Folder } from "@/lib/rollup/fold";
import type { Db } from "@/lib/store/db";
import { ensurePartitions } from "@/lib/store/partitions";
import { batchOf, endpointOf, userOf } from "../support/batches.ts";
import type { OpenPage } from "../support/browser.ts";
import { room, type Room } from "../support/room.ts";
import { store } from "../support/stored.ts";

// Apps send whatever their users are called. Every such name can be opened, and none does anything to the page.
const USERS = [
  ["."],
  [".."],
  [" ", "\\u{20}"],
  ["a/b?c=d#e&f%20%"],
  ["%2e%2e"],
  ["<script>document.title='run'</script>"],
  ["txt.\u202Eexe", "txt.\\u{202E}exe"],
  ["\u001b[31mred\n", "\\u{1B}[31mred\\n"],
  ["u\u200b_1", "u\\u{200B}_1"],
  ["__proto__"],
  ["👩🏽‍🚀 日本 עברית"],
  ["x".repeat(256)],
] as const;
const ROUTE = "/users/\u202E:id/<b>bold</b>";

let names: Room;
let opened: OpenPage;
let endpointId: number;

beforeAll(async () => {
  names = await room(({ db }) => sendAll(db));
  endpointId = (await names.server.db.endpoint.findFirstOrThrow({ where: { route: ROUTE } })).id;
  opened = await names.page({ name: "strange names" });
}, 300_000);

afterAll(() => names?.stop(), 60_000);

async function sendAll(db: Db): Promise<void> {
  const nowMs = Date.now();
  await ensurePartitions(db, nowMs);
  const users = USERS.map(([id], place) => userOf(id, ...Array.from({ length: 12 - place }, () => 900_000)));
  const endpoint = endpointOf({ route: ROUTE, users, outcomes: { ok: manyOf(users) } });
  const startMs = Math.floor(nowMs / 10_000) * 10_000 - 60_000;
  const window = { startMs, seconds: 10 };
  await store(db, batchOf({ service: "sh\u202Eop", release: "1.0\u202E.fake", window, endpoints: [endpoint] }));
  await new Folder(db).fold();
}

/** A tail needs others: as many fast requests as make the slow ones few. */
function manyOf(users: ReturnType<typeof userOf>[]) {
  const slow = users.flatMap((_, place) => Array.from({ length: 12 - place }, () => 900_000));
  return userOf("", ...slow, ...Array.from({ length: 5_000 }, () => 1_000)).latency;
}

const shownOf = ([id, shown]: readonly [string, string?]) => shown ?? id;

test("all of them stand in the tail of the endpoint, most tail first, each with its signs written out", async () => {
  const { page, screenshot } = opened;
  await page.goto(`${names.server.url}/endpoints/${endpointId}`);
  const links = page.getByRole("table", { name: "Users in the tail" }).getByRole("link");
  await links.nth(USERS.length - 1).waitFor();
  const texts = await links.allTextContents();
  expect(texts).toEqual(USERS.map(shownOf));
  expect(await page.locator("h1").textContent()).toContain("/users/\\u{202E}:id/<b>bold</b>");
  await screenshot("strange-names");
  expect(opened.problems).toEqual([]);
});

describe.each(USERS.map((user) => [shownOf(user).slice(0, 30), user] as const))("the user %s", (_, user) => {
  const [id] = user;
  test("is opened from there, and by the address alone", async () => {
    const { page } = opened;
    await page.goto(`${names.server.url}/endpoints/${endpointId}`);
    const table = page.getByRole("table", { name: "Users in the tail" });
    await table.getByRole("link").nth(USERS.indexOf(user)).click();
    await page.waitForURL(/\/users\?user=/);
    expect(new URL(page.url()).searchParams.get("user")).toBe(id);
    await page.getByRole("table", { name: "Endpoints of this user" }).getByRole("link").first().waitFor();
    expect((await page.reload())?.status()).toBe(200);
    await page.getByRole("table", { name: "Endpoints of this user" }).waitFor();
    expect(await page.title()).not.toBe("run");
    expect(opened.problems).toEqual([]);
  });
});

test("a name longer than what is kept is cut on the page until all of it is asked for", async () => {
  const { page } = opened;
  await page.goto(`${names.server.url}/users?user=${"y".repeat(10_000)}`);
  const heading = page.locator("main h1").last();
  const all = page.getByRole("button", { name: "Show all 10,000 characters" });
  await all.waitFor();
  expect((await heading.textContent())!.length).toBeLessThan(250);
  expect((await heading.boundingBox())!.height).toBeLessThan(90);
  await all.click();
  await page.getByRole("button", { name: "Show less" }).waitFor();
  expect((await heading.textContent())!.length).toBeGreaterThan(10_000);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
});

test("links of earlier releases, with the user in the path, lead on", async () => {
  const { page } = opened;
  const answer = await page.request.get(`${names.server.url}/users/a%2Fb%20c?service=shop&from=now-7d`, {
    maxRedirects: 0,
  });
  expect([answer.status(), answer.headers()["location"]]).toEqual([
    308,
    "/users?user=a%2Fb+c&service=shop&from=now-7d",
  ]);
});

test("nobody of an id is told from nobody there just now", async () => {
  const { page } = opened;
  await page.goto(`${names.server.url}/users?user=${encodeURIComponent(".. ")}`);
  await page.getByText("Unknown user").waitFor();
  await page.goto(`${names.server.url}/users?user=..&from=now-3h&to=now-2h`);
  await page.getByText("No data in this range").waitFor();
  await page.getByRole("button", { name: "Show the last 24 h" }).click();
  await page.getByRole("table", { name: "Endpoints of this user" }).waitFor();
  expect(opened.problems).toEqual([]);
});

test("users are found by the beginning of their id", async () => {
  const { page } = opened;
  await page.goto(`${names.server.url}/users`);
  await page.getByRole("searchbox", { name: "Search users" }).fill(".");
  await page.getByRole("link", { name: "..", exact: true }).click();
  await page.getByRole("table", { name: "Endpoints of this user" }).waitFor();
  await page.goto(`${names.server.url}/users?q=nobody`);
  await page.getByText("No user's id begins with this").waitFor();
});
