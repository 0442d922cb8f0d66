import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { processesWith } from "../support/processes.ts";
import { type ServerProcess, serverSuite } from "../support/server-process.ts";

// Somebody lost the password, and nobody else can sign in: the way back is a command on the server's machine.
const OWNER = { email: "owner@example.test", password: "correct horse battery staple" };
let suite: Awaited<ReturnType<typeof serverSuite>>;
let server: ServerProcess;
let url: string;

beforeAll(async () => {
  suite = await serverSuite();
  const env = { TAILFILL_ADMIN_EMAIL: OWNER.email, TAILFILL_ADMIN_PASSWORD: OWNER.password };
  server = suite.start({ env });
  url = await server.ready();
});
afterAll(() => suite.clean());

async function link(args: string[], env: Record<string, string> = {}): Promise<ServerProcess> {
  const command = suite.start({ command: "link", args, env });
  await command.over(60_000);
  return command;
}

async function signIn(password: string): Promise<number> {
  const headers = { "content-type": "application/json", origin: url };
  const body = JSON.stringify({ email: OWNER.email, password });
  return (await fetch(`${url}/api/auth/sign-in`, { method: "POST", headers, body })).status;
}

test("beside a running server it prints a link to a page that sets a new password, once", async () => {
  const command = await link(["--email", OWNER.email], { TAILFILL_PUBLIC_URL: url });
  expect(command.stderr).toBe("");
  expect(command.ended).toBe(0);
  const [page = "", words] = command.stdout.split("\n");
  expect(page).toMatch(new RegExp(`^${url}/new-password/[\\w-]{43}$`));
  expect(words).toBe(`For ${OWNER.email}, good once and for an hour; it ends every session of theirs.`);
  const html = await (await fetch(page)).text();
  expect(html).toContain("Choose a new password");
  const headers = { "content-type": "application/json", origin: url };
  const body = JSON.stringify({ token: page.split("/").at(-1), password: "a wholly different thing" });
  expect((await fetch(`${url}/api/auth/new-password`, { method: "POST", headers, body })).status).toBe(204);
  expect([await signIn(OWNER.password), await signIn("a wholly different thing")]).toEqual([401, 204]);
  expect((await fetch(page)).status).toBe(410);
});

test("without the public address it says what to replace", async () => {
  const command = await link(["--email", OWNER.email, "--port", "4321"]);
  expect(command.stdout).toMatch(/^http:\/\/127\.0\.0\.1:4321\/new-password\/\S+\n.*\nIf your tailfill has another/);
});

test("an address without an account is told with those that have one", async () => {
  const command = await link(["--email", "nobody@example.test"]);
  expect([command.ended, command.stdout]).toEqual([1, ""]);
  expect(command.stderr).toContain(`No account has the address nobody@example.test. Accounts: ${OWNER.email}.`);
});

test("a folder without a tailfill is told, and stays as it was", async () => {
  const folder = join(suite.folder, "empty");
  const command = await link(["--email", OWNER.email, "--data-dir", folder]);
  expect(command.ended).toBe(1);
  expect(command.stderr).toContain(`There is no tailfill in ${folder}`);
  expect(existsSync(folder)).toBe(false);
});

test("without a running server it starts the database for as long as it takes", async () => {
  server.signal("SIGTERM");
  await server.over();
  const command = await link(["--email", OWNER.email]);
  expect([command.ended, command.stderr]).toEqual([0, ""]);
  expect(command.stdout).toContain("/new-password/");
  expect(processesWith(suite.folder)).toEqual([]);
});
