import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { POST as changePassword } from "@/app/api/auth/password/route";
import { DELETE as removePerson } from "@/app/api/auth/people/[id]/route";
import { POST as signIn } from "@/app/api/auth/sign-in/route";
import { POST as signOutEverywhere } from "@/app/api/auth/sign-out-everywhere/route";
import { POST as signOut } from "@/app/api/auth/sign-out/route";
import { requireScope } from "@/lib/auth/access";
import { acceptInvitation, invite } from "@/lib/auth/invitations";
import { SESSION_SECONDS } from "@/lib/auth/sign-in-library";
import { IDLE_MS, sessionOf } from "@/lib/auth/session";
import { handle } from "@/lib/auth/handle";
import { openDb, type Db } from "@/lib/store/db";
import type { TestDatabase } from "@/test/support/database";
import { until } from "@/test/support/until";
import { ask, codeOf, cookieOf, OWNER, serverRoom, startOver } from "./support/server-room.ts";

let room: TestDatabase;
beforeAll(async () => void (room = await serverRoom()));
beforeEach(() => startOver(room.db));
afterAll(() => room.drop());

async function session(who = OWNER): Promise<string> {
  const answer = await signIn(ask("/api/auth/sign-in", { method: "POST", body: who }), {});
  expect(answer.status).toBe(204);
  return cookieOf(answer);
}
const lives = async (cookie: string) => (await sessionOf(new Headers({ cookie }))) !== null;
const post = (path: string, cookie: string, body?: unknown) =>
  ask(path, { method: "POST", cookie, ...(body === undefined ? {} : { body }) });

test("a session lets its person read and write, but not send batches", async () => {
  const cookie = await session();
  await expect(requireScope(ask("/", { cookie }), "read")).resolves.toMatchObject({ email: OWNER.email });
  await expect(requireScope(ask("/", { cookie, method: "POST" }), "write")).resolves.toMatchObject({ kind: "user" });
  await expect(requireScope(ask("/", { cookie, method: "POST" }), "ingest")).rejects.toMatchObject({
    code: "forbidden",
  });
});

test("a cookie that was changed, or signed by another secret, is no session", async () => {
  const cookie = await session();
  const value = /tailfill\.session_token=([^;]+)/.exec(cookie)?.[1] ?? "";
  const [token = ""] = decodeURIComponent(value).split(".");
  for (const forged of [token, `${token}.${"A".repeat(43)}=`, `x${decodeURIComponent(value)}`, ""])
    expect([forged, await lives(`tailfill.session_token=${encodeURIComponent(forged)}`)]).toEqual([forged, false]);
  expect(await lives(cookie)).toBe(true);
});

test("signing out ends this session at once, on the server, and no other", async () => {
  const [here, there] = [await session(), await session()];
  const answer = await signOut(post("/api/auth/sign-out", here), {});
  expect(answer.status).toBe(204);
  expect(answer.headers.getSetCookie().join()).toMatch(/tailfill\.session_token=;.*Max-Age=0/i);
  expect([await lives(here), await lives(there)]).toEqual([false, true]);
  expect((await signOut(post("/api/auth/sign-out", here), {})).status).toBe(401);
});

test("signing out everywhere ends every session of this person, and nobody else's", async () => {
  const other = { email: "other@example.test", password: "another long password" };
  await acceptInvitation(await invite({ email: other.email, createdBy: OWNER.email }), other);
  const [here, there, theirs] = [await session(), await session(), await session(other)];
  expect((await signOutEverywhere(post("/api/auth/sign-out-everywhere", here), {})).status).toBe(204);
  expect([await lives(here), await lives(there), await lives(theirs)]).toEqual([false, false, true]);
});

test("changing the password ends every session but the new one, and the old password", async () => {
  const [here, there] = [await session(), await session()];
  const next = "a quite different password";
  const answer = await changePassword(post("/api/auth/password", here, { current: OWNER.password, next }), {});
  expect(answer.status).toBe(204);
  expect([await lives(here), await lives(there), await lives(cookieOf(answer))]).toEqual([false, false, true]);
  expect((await signIn(post("/api/auth/sign-in", "", OWNER), {})).status).toBe(401);
  expect(await lives(await session({ ...OWNER, password: next }))).toBe(true);
});

test("a wrong current password changes nothing, and may be tried 10 times", async () => {
  const cookie = await session();
  const change = (current: string, next = "a quite different password") =>
    changePassword(post("/api/auth/password", cookie, { current, next }), {});
  expect(await codeOf(await change(OWNER.password, "short"))).toBe("bad_request");
  for (let i = 0; i < 10; i++) expect((await change("wrong password")).status).toBe(401);
  expect((await change(OWNER.password)).status).toBe(429);
  expect(await lives(cookie)).toBe(true);
});

test("removing a person ends their sessions at once; the last one stays", async () => {
  const other = { email: "other@example.test", password: "another long password" };
  await acceptInvitation(await invite({ email: other.email, createdBy: OWNER.email }), other);
  const [mine, theirs] = [await session(), await session(other)];
  const [owner, guest] = await room.db.user.findMany({ orderBy: { createdAt: "asc" } });
  const remove = (id = "") =>
    removePerson(ask(`/api/auth/people/${id}`, { method: "DELETE", cookie: mine }), {
      params: Promise.resolve({ id }),
    });
  expect((await remove(guest?.id)).status).toBe(204);
  expect([await lives(mine), await lives(theirs)]).toEqual([true, false]);
  expect((await remove(guest?.id)).status).toBe(404);
  expect(await codeOf(await remove(owner?.id))).toBe("forbidden");
  expect(await lives(mine)).toBe(true);
});

test("a session ends after 7 days without use, and 30 days after sign-in however busy", async () => {
  const cookie = await session();
  const headers = new Headers({ cookie });
  expect(await sessionOf(headers, Date.now() + IDLE_MS - 5_000)).not.toBeNull();
  const noted = async () => (await room.db.session.findFirstOrThrow()).updatedAt.getTime() > Date.now();
  await until("that use is noted", noted); // in the background: it must not come after what is written below
  const { createdAt, expiresAt } = await room.db.session.findFirstOrThrow();
  expect(expiresAt.getTime() - createdAt.getTime()).toBeLessThanOrEqual(SESSION_SECONDS * 1000 + 5_000);
  await room.db.session.updateMany({ data: { updatedAt: new Date(Date.now() - IDLE_MS - 1) } });
  expect(await lives(cookie)).toBe(false);
  await room.db.session.updateMany({ data: { updatedAt: new Date(), expiresAt: new Date(Date.now() - 1) } });
  expect(await lives(cookie)).toBe(false);
  await session();
  expect(await room.db.session.count()).toBe(1);
});

test("while the database is down a session is neither believed nor ended: 503", async () => {
  const cookie = await session();
  const dead = openDb("postgresql://postgres@127.0.0.1:1/nothing", 1);
  const shared = globalThis as { tailfillDb?: Db };
  shared.tailfillDb = dead;
  const answer = await handle(async (r) => Response.json(await requireScope(r, "read")))(ask("/", { cookie }), {});
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "5"]);
  expect(answer.headers.getSetCookie()).toEqual([]);
  await dead.$disconnect();
  shared.tailfillDb = room.db;
  expect(await lives(cookie)).toBe(true);
});
