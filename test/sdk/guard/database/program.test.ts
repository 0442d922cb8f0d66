import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { byDoor, Door } from "@/test/support/door";
import { until } from "@/test/support/until";
import { frameworkProject, type Project } from "../../packed/package";
import { guardProgram } from "./program";
import { active, app, shop, watched, type Shop } from "./shop";

let db: Shop;
let project: Project;
beforeAll(async () => {
  [db, project] = await Promise.all([shop(), frameworkProject()]);
});
afterAll(() => Promise.all([db?.remove(), project?.remove()]));

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of cleanup.splice(0).toReversed()) await undo();
});

const start = (...args: string[]) => guardProgram(project, args, cleanup);
const quick = (url: string, ...args: string[]) =>
  start("--database-url", url, "--every", "100ms", "--over", "300ms", ...args);

test("without --apply it says what it would do, and does nothing", async () => {
  const { run, pid } = await app(db.url, cleanup);
  const program = quick(db.url, "--application-name", "shop,jobs");
  await program.ready();
  expect(await run("/*tf:route=GET%20%2Freport*/ SELECT pg_sleep(1.5), 'a secret'")).toBe("done");
  expect(program.lines()).toEqual([
    {
      at: expect.stringMatching(/^\d{4}-.*Z$/),
      action: "would_cancel",
      pid,
      ageMs: expect.any(Number),
      applicationName: "shop",
      endpoint: "GET /report",
      op: null,
      fingerprint: "select pg_sleep(?), ?",
      reason: "over_limit",
      detail: expect.any(String),
      rule: "over 300 ms",
      waitEvent: "Timeout:PgSleep",
    },
  ]);
  program.child.kill("SIGTERM");
  expect(await program.over()).toBe(0);
});

test("with --apply it cancels, and SIGTERM ends it at once, with nothing left in the database", async () => {
  const { run, pid } = await app(db.url, cleanup);
  const program = quick(db.url, "--apply");
  await program.ready();
  expect(await run("SELECT pg_sleep(60)")).toBe("57014");
  await until("what came of it is said", () => program.err().includes(`cancel of ${pid}: ended after`));
  expect(program.lines()).toMatchObject([{ action: "cancel", pid }]);
  const startMs = performance.now();
  program.child.kill("SIGTERM");
  expect(await program.over()).toBe(0);
  expect(performance.now() - startMs).toBeLessThan(3_000);
  const { client } = await app(db.adminUrl, cleanup);
  const left = "SELECT FROM pg_stat_activity WHERE application_name = 'tailfill-guard'";
  await until("its connections are gone", async () => (await client.query(left)).rows.length === 0);
});

test("one that is killed leaves its place to another, which does its work", async () => {
  const first = quick(db.url, "--apply");
  await first.ready();
  const second = quick(db.url, "--apply");
  await second.ready();
  expect(second.err()).toContain("another guard of this role leads; waiting to take over");
  const { run, pid } = await app(db.url, cleanup);
  const end = run("SELECT pg_sleep(60)");
  await active(db.adminUrl, pid);
  first.child.kill("SIGKILL");
  expect(await end).toBe("57014");
  const told = [...first.lines(), ...second.lines()].filter(
    (line) => line["action"] === "cancel" && line["pid"] === pid,
  );
  expect(told.length).toBeGreaterThanOrEqual(1);
  const again = await app(db.url, cleanup);
  expect(await again.run("SELECT pg_sleep(60)")).toBe("57014");
  await until("the second has told it", () => second.lines().some((line) => line["pid"] === again.pid));
});

test("while the database is away it waits, says so once, and comes back; the password is in none of it", async () => {
  const door = new Door(new URL(db.adminUrl));
  const port = await door.open();
  cleanup.push(() => door.close());
  const program = quick(byDoor(db.url, port), "--apply");
  await program.ready();
  door.close();
  const word = "ECONNREFUSED";
  await until("it says so", () => program.err().includes(word));
  await door.open(port);
  const { run } = await app(db.url, cleanup);
  expect(await run("SELECT pg_sleep(60)")).toBe("57014");
  expect(program.err().split(word)).toHaveLength(2);
  expect(program.child.exitCode).toBeNull();
  expect(program.out() + program.err()).not.toContain("s3cret");
});

test.each<[string, (url: string) => string[], RegExp]>([
  ["no address", () => [], /^tailfill-guard: --database-url is missing.*\n$/],
  [
    "an option that it does not know",
    (url) => ["--database-url", url, "--kill-all"],
    /^tailfill-guard: Unknown option '--kill-all'/,
  ],
  [
    "a time that is none",
    (url) => ["--database-url", url, "--over", "soon"],
    /^tailfill-guard: --over must be a time such as.*\n$/,
  ],
  [
    "an address of something else",
    () => ["--database-url", "redis://:s3cret@localhost"],
    /^tailfill-guard: the database's URL must be.*\n$/,
  ],
  [
    "a role that is not there",
    (url) => ["--database-url", url.replace("guard_app", "nobody")],
    /^tailfill-guard: .*nobody.*\n$/,
  ],
  [
    "nobody at the address",
    () => ["--database-url", "postgresql://a:s3cret@127.0.0.1:3439/a"],
    /^tailfill-guard: connect ECONNREFUSED.*\n$/,
  ],
])("%s: it ends with one message", async (_, args, message) => {
  const program = start(...args(db.url));
  expect(await program.over()).toBe(1);
  expect(program.err()).toMatch(message);
  expect(program.err()).not.toContain("s3cret");
  expect(program.out()).toBe("");
});

test("a superuser is refused", async () => {
  const role = `${db.role}_super`;
  await db.admin(`CREATE ROLE ${role} LOGIN SUPERUSER PASSWORD 's3cret'`);
  cleanup.push(() => db.admin(`DROP ROLE ${role}`));
  const program = start(
    "--database-url",
    Object.assign(new URL(db.url), { username: role, password: "s3cret" }).href,
    "--apply",
  );
  expect(await program.over()).toBe(1);
  expect(program.err()).toMatch(/^tailfill-guard: the role .* is a superuser; let the guard run as the app's own role/);
});

test("--help lists every option", async () => {
  const program = start("--help");
  expect(await program.over()).toBe(0);
  for (const option of ["--database-url", "--every", "--over", "--application-name", "--apply", "--terminate"])
    expect(program.out()).toContain(option);
});

test("a library's guard and the command know each other", async () => {
  const guard = await watched({ databaseUrl: db.url, apply: true }, cleanup);
  const program = quick(db.url, "--apply");
  await program.ready();
  expect(program.err()).toContain("another guard of this role leads");
  await guard.guard.stop();
  await until("it takes over", () => program.err().includes("stops statements of"));
});
