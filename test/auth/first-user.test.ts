import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { POST } from "@/app/api/auth/setup/route";
import { createFirstUser, createSetupLink, setupState } from "@/lib/auth/first-user";
import { requireScope } from "@/lib/auth/access";
import type { TestDatabase } from "@/test/support/database";
import { ask, codeOf, cookieOf, OWNER, serverRoom, startOver } from "./support/server-room.ts";

let room: TestDatabase;
beforeAll(async () => void (room = await serverRoom()));
beforeEach(() => startOver(room.db, { owner: false }));
afterAll(() => room.drop());

const people = () => room.db.user.findMany({ orderBy: { createdAt: "asc" } });
const setUp = (token: string, email = OWNER.email, password = OWNER.password) =>
  POST(ask("/api/auth/setup", { method: "POST", body: { token, email, password } }), {});

async function link(nowMs?: number): Promise<string> {
  const token = await createSetupLink(room.db, nowMs);
  if (token === null) throw new Error("setup is closed");
  return token;
}

test("the link makes the first user, signs them in, and closes setup for good", async () => {
  const token = await link();
  const answer = await setUp(token, "  Owner@Example.Test ");
  expect(answer.status).toBe(204);
  expect((await people()).map((p) => p.email)).toEqual([OWNER.email]);
  const identity = await requireScope(ask("/api/v1/services", { cookie: cookieOf(answer) }), "read");
  expect(identity).toMatchObject({ kind: "user", email: OWNER.email });
  expect(await setupState(token)).toBe("closed");
  expect((await setUp(token, "second@example.test")).status).toBe(410);
  expect(await createSetupLink(room.db)).toBeNull();
});

test("of 50 requests at once with one link, one makes the user", async () => {
  const token = await link();
  const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => setUp(token, `p${i}@example.test`)));
  const codes = answers.map((a) => a.status).sort((a, b) => a - b);
  expect(codes).toEqual([204, ...Array.from({ length: 49 }, () => 410)]);
  expect(await people()).toHaveLength(1);
});

test("of many links made at once, only the last works", async () => {
  const tokens = [await link(), await link()];
  expect(await codeOf(await setUp(tokens[0] ?? ""))).toBe("link_expired");
  expect((await setUp(tokens[1] ?? "")).status).toBe(204);
});

test("a link is good for one hour", async () => {
  const token = await link(Date.now() - 3_600_001);
  expect(await setupState(token)).toBe("expired");
  expect(await codeOf(await setUp(token))).toBe("link_expired");
  expect(await people()).toEqual([]);
});

test.each(["", "x", "A".repeat(43), "'; DROP TABLE link; --"])("the token %j opens nothing", async (token) => {
  await link();
  expect(await codeOf(await setUp(token))).toBe("link_expired");
});

test("a refused password or address leaves the link good", async () => {
  const token = await link();
  expect((await setUp(token, OWNER.email, "short")).status).toBe(400);
  expect((await setUp(token, "no address")).status).toBe(400);
  expect((await setUp(token)).status).toBe(204);
});

test("only the hash of the token is in the database", async () => {
  const token = await link();
  const [row] = await room.db.$queryRaw<{ text: string }[]>`SELECT row_to_json(l)::text AS text FROM link l`;
  expect(row?.text).toContain("setup");
  expect(row?.text).not.toContain(token);
});

test("settings make the first user once, and only while there is none", async () => {
  const made = await Promise.all(
    Array.from({ length: 8 }, (_, i) => createFirstUser(room.db, { ...OWNER, name: `${i}` })),
  );
  expect(made.filter(Boolean)).toHaveLength(1);
  expect(await createFirstUser(room.db, { email: "other@example.test", password: OWNER.password })).toBe(false);
  expect(await people()).toHaveLength(1);
  expect(await setupState("A".repeat(43))).toBe("closed");
});

test("the password is kept as a scrypt hash with its own salt", async () => {
  await createFirstUser(room.db, OWNER);
  const [account] = await room.db.account.findMany();
  expect(account?.password).toMatch(/^[0-9a-f]{32}:[0-9a-f]{128}$/);
  expect(JSON.stringify(account)).not.toContain(OWNER.password);
});
