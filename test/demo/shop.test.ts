import { randomBytes } from "node:crypto";
import type { AddressInfo } from "node:net";
import type { Server } from "node:http";
import type { Pool } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tailfill } from "@/lib/sdk/src/adapters/express";
import { recordingClient } from "../sdk/adapters/recording-client.ts";
import { createGuard } from "@tailfill/sdk/guard";
import { type EndedRequest, onStatements } from "@tailfill/sdk/pg";
import { shopCache } from "@/lib/demo/cached";
import { openShopDatabase, openShopPrisma, type ShopDatabase, type ShopPrisma } from "@/lib/demo/database";
import { COMMENTS, USERS } from "@/lib/demo/population";
import { createShop } from "@/lib/demo/shop";
import { testDatabase, type TestDatabase } from "../support/database.ts";
import { sql } from "../support/global-setup.ts";

describe("the demo shop", () => {
  let database: TestDatabase;
  let shop: ShopDatabase;
  let pool: Pool;
  let prisma: ShopPrisma;
  let server: Server;
  let url: string;
  const shopName = `shop_${randomBytes(6).toString("hex")}`;

  beforeAll(async () => {
    database = await testDatabase();
    shop = await openShopDatabase(database.url, shopName);
    pool = shop.pool;
    prisma = openShopPrisma(shop.url);

    server = createShop({ pool, prisma, cache: shopCache(pool), latency: tailfill(recordingClient()) }).listen(
      0,
      "127.0.0.1",
    );
    await new Promise((resolve) => server.once("listening", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(async () => {
    server?.close();
    await prisma?.$disconnect();
    await pool?.end();
    await sql(database.url, `drop database if exists ${shopName} with (force)`);
    await sql(database.url, `drop role if exists ${shopName}`);
    await database?.drop();
  });

  const as = (user: number) => ({ headers: { cookie: `session=u_${user}` } });
  const ownComments = async (user: number) =>
    (await pool.query("select count(*)::int as n from comment where author_id = $1", [user])).rows[0].n as number;

  it("gives users what Zipf's law gives them: the first has a hundred times the hundredth", async () => {
    const { rows } = await pool.query(
      "select count(*)::int as n, count(distinct author_id)::int as authors from comment",
    );
    expect(rows[0]).toMatchObject({ n: COMMENTS });
    expect(rows[0].authors).toBeGreaterThan(USERS * 0.9);
    const ratio = (await ownComments(1)) / (await ownComments(100));
    expect(ratio).toBeGreaterThan(50);
    expect(ratio).toBeLessThan(200);
  });

  it("counts the words of a user's comments", async () => {
    const words = (await (await fetch(`${url}/users/700/comments`)).json()) as { word: string; times: number }[];
    const { rows } = await pool.query("select body from comment where author_id = 700");
    const expected = new Map<string, number>();
    for (const word of rows.flatMap((r) => (r.body as string).split(" ")))
      expected.set(word, (expected.get(word) ?? 0) + 1);
    expect(words.length).toBe(10);
    for (const { word, times } of words) expect(times).toBe(expected.get(word));
  });

  it.each([
    ["/feed", 401],
    ["/cart", 401],
    ["/admin/users", 401],
    ["/threads/99999999", 404],
    ["/users/abc/comments", 500],
    ["/nowhere", 404],
  ])("answers %s without a session with %i", async (path, status) => {
    expect((await fetch(url + path)).status).toBe(status);
  });

  it.each([
    "/feed",
    "/cart",
    "/admin/users",
    "/threads/1",
    "/search?q=tail",
    "/health",
    "/users/3/posts",
    "/admin/alike?author=900",
    "/admin/comments/count?q=cache",
  ])("serves %s", async (path) => {
    const answer = await fetch(url + path, as(9));
    expect(answer.status).toBe(200);
    expect((await answer.text()).length).toBeGreaterThan(2);
  });

  it("serves a user's words from the cache until that user writes", async () => {
    const words = async () => (await fetch(`${url}/users/500/comments`)).json() as Promise<{ word: string }[]>;
    const before = await words();
    await pool.query("update comment set body = 'unheard' where author_id = 500");
    expect(await words()).toEqual(before);
    const body = JSON.stringify({ about: "rare ".repeat(40) });
    const headers = { ...as(500).headers, "content-type": "application/json" };
    expect((await fetch(`${url}/comments/newest`, { method: "PUT", headers, body })).status).toBe(200);
    const after = (await words()).map(({ word }) => word);
    expect(after).toContain("rare");
    expect(after).toContain("unheard");
  });

  it("asks once for the posts of a user, and then once for each: the page that the N+1 detector is to find", async () => {
    const ended: EndedRequest[] = [];
    const forget = onStatements((request) => void ended.push(request));
    const posts = (await (await fetch(`${url}/users/3/posts`)).json()) as { lastComment: unknown }[];
    await expect.poll(() => ended.map(({ statements }) => statements.count)).toEqual([1 + posts.length]);
    forget();
    expect(posts).toHaveLength(30);
  });

  it("loads the relations of a user's posts alike by either strategy", async () => {
    const posts = (await (await fetch(`${url}/users/3/activity`)).json()) as {
      comments: { author: { name: string } }[];
    }[];
    expect(posts).toHaveLength(20);
    const { rows } = await pool.query(
      "select count(*)::int as n from comment where post_id in (select id from post where author_id = 3 order by created_at desc limit 20)",
    );
    expect(posts.reduce((sum, { comments }) => sum + comments.length, 0)).toBe(rows[0].n);
    expect(posts.flatMap(({ comments }) => comments).every(({ author }) => /^u_\d+$/.test(author.name))).toBe(true);
  });

  it("counts about", async () => {
    const count = (await (await fetch(`${url}/admin/comments/count?q=`, as(1))).json()) as {
      kind: string;
      value: number;
      text: string;
    };
    expect(count.kind).toBe("estimate");
    expect(Math.abs(count.value / COMMENTS - 1)).toBeLessThan(0.1);
    expect(count.text).toMatch(/^about 2[345]0 k$/);
  });

  it("has a report that runs away, whose role a guard may run as, which stops it, and the shop says so", async () => {
    const guard = createGuard({ databaseUrl: shop.url, every: "100ms", over: "300ms", apply: true });
    try {
      await guard.ready;
      const answer = await fetch(`${url}/admin/alike`, as(1));
      expect([answer.status, await answer.json()]).toEqual([
        503,
        { error: "it took too long and was stopped", by: expect.any(String) },
      ]);
      expect(guard.stats().cancelled).toBeGreaterThan(0);
    } finally {
      await guard.stop();
    }
  });

  it("is filled once: a second start finds it as it was", async () => {
    await pool.query("update person set about = 'kept' where id = 1");
    const { pool: again } = await openShopDatabase(database.url, shopName);
    expect((await again.query("select about from person where id = 1")).rows[0].about).toBe("kept");
    await again.end();
  });
});
