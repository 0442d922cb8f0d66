import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createGuard, type GuardOptions } from "@/lib/sdk/src/guard";
import { until } from "@/test/support/until";
import { byDoor, Door } from "@/test/support/door";
import { app, shop, watched, type Shop } from "./shop";

let db: Shop;
beforeAll(async () => {
  db = await shop();
});
afterAll(() => db.remove());

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanup.splice(0).toReversed()) await undo();
});

/** Why a guard does not start. */
async function refusal(databaseUrl: string, options: Partial<GuardOptions> = {}): Promise<string> {
  const guard = createGuard({ databaseUrl, ...options });
  cleanup.push(() => guard.stop());
  return guard.ready.then(
    () => "it started",
    (error: Error) => error.message,
  );
}

test("a superuser is refused, and told what to do", async () => {
  const role = `${db.role}_super`;
  await db.admin(`CREATE ROLE ${role} LOGIN SUPERUSER PASSWORD 's3cret'`);
  cleanup.push(() => db.admin(`DROP ROLE ${role}`));
  const url = Object.assign(new URL(db.url), { username: role, password: "s3cret" }).href;
  expect(await refusal(url)).toMatch(/is a superuser; let the guard run as the app's own role.*docs\/query-guard\.md/);
});

test.each([
  ["CREATEROLE", "may make roles"],
  ["REPLICATION", "may replicate"],
  ["IN ROLE pg_signal_backend", "is a member of pg_signal_backend"],
])("a role with %s is refused: it %s", async (power, words) => {
  const role = `${db.role}_guard`;
  await db.admin(`CREATE ROLE ${role} LOGIN PASSWORD 's3cret' ${power}`);
  cleanup.push(() => db.admin(`DROP ROLE ${role}`));
  const url = Object.assign(new URL(db.url), { username: role, password: "s3cret" }).href;
  expect(await refusal(url)).toContain(words);
});

test("a role that is not there, a wrong password and nobody at the address are said, without the password", async () => {
  const url = new URL(db.url);
  const door = new Door(new URL(db.adminUrl));
  const port = await door.open();
  door.close();
  const nobody = byDoor(db.url, port);
  const said = await Promise.all([
    refusal(Object.assign(new URL(url), { username: "nobody_here" }).href),
    refusal(nobody),
  ]);
  expect(said[0]).toMatch(/nobody_here/);
  expect(said[1]).toMatch(/ECONNREFUSED/);
  for (const words of said) expect(words).not.toContain(url.password);
});

test("missing timeouts are noted with the SQL that sets them, and not once they are set", async () => {
  const before = await watched({ databaseUrl: db.url }, cleanup);
  const name = "statement_timeout";
  const note = before.notes.find((text) => text.includes(` ${name},`));
  expect(before.notes.filter((text) => text.includes("ALTER ROLE")).length).toBeGreaterThanOrEqual(3);
  await db.admin(/ALTER ROLE .*;$/.exec(note!)![0]);
  const after = await watched({ databaseUrl: db.url }, cleanup);
  expect(after.notes.some((text) => text.includes(` ${name},`))).toBe(false);
  await db.admin(`ALTER ROLE ${db.role} RESET ${name}`);
});

test("its own connection has limits and a name, whatever the address says", async () => {
  const url = new URL(db.url);
  url.searchParams.set("application_name", "shop");
  await watched({ databaseUrl: url.href }, cleanup);
  const { client } = await app(db.adminUrl, cleanup);
  const sql = "SELECT application_name FROM pg_stat_activity WHERE usename = $1";
  expect((await client.query(sql, [db.role])).rows).toEqual([{ application_name: "tailfill-guard" }]);
});

describe("two guards", () => {
  test("one acts, the other waits, and takes over when the first is gone", async () => {
    const first = await watched({ databaseUrl: db.url, apply: true }, cleanup);
    const second = await watched({ databaseUrl: db.url, apply: true }, cleanup);
    expect(second.notes).toContain("another guard of this role leads; waiting to take over");
    const one = await app(db.url, cleanup);
    expect(await one.run("SELECT pg_sleep(60)")).toBe("57014");
    expect([first.about(one.pid).length, second.about(one.pid).length]).toEqual([1, 0]);
    await first.guard.stop();
    const other = await app(db.url, cleanup);
    expect(await other.run("SELECT pg_sleep(60)")).toBe("57014");
    expect([first.about(other.pid).length, second.about(other.pid).length]).toEqual([0, 1]);
    expect(first.guard.stats().isLeading).toBe(false);
    expect(second.guard.stats().isLeading).toBe(true);
  });

  test("of different roles keep each other out of nothing", async () => {
    const first = await watched({ databaseUrl: db.url, apply: true }, cleanup);
    const second = await watched({ databaseUrl: db.otherUrl, apply: true }, cleanup);
    expect([first.guard.stats().isLeading, second.guard.stats().isLeading]).toEqual([true, true]);
  });
});

describe("when the database is away", () => {
  async function behindDoor() {
    const door = new Door(new URL(db.adminUrl));
    const port = await door.open();
    cleanup.push(() => door.close());
    const guard = await watched({ databaseUrl: byDoor(db.url, port), apply: true }, cleanup);
    return { door, port, guard };
  }

  test("it waits, comes back, and does its work again", async () => {
    const { door, port, guard } = await behindDoor();
    door.close();
    await until("the loss is told", () => guard.guard.stats().losses > 1);
    expect(guard.guard.stats().isLeading).toBe(false);
    await door.open(port);
    const { run } = await app(db.url, cleanup);
    expect(await run("SELECT pg_sleep(60)")).toBe("57014");
    expect(guard.errors.join()).toMatch(/ECONNREFUSED|terminated/);
  });

  test("so it does when the database says nothing any more", async () => {
    const { door, guard } = await behindDoor();
    door.hangs = true;
    await until("the loss is told", () => guard.guard.stats().losses > 0);
    door.hangs = false;
    const { run } = await app(db.url, cleanup);
    expect(await run("SELECT pg_sleep(60)")).toBe("57014");
  });

  test("it can be stopped meanwhile", async () => {
    const { door, guard } = await behindDoor();
    door.hangs = true;
    const start = performance.now();
    await guard.guard.stop();
    expect(performance.now() - start).toBeLessThan(3_000);
  });
});
