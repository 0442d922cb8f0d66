import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { POST as newPasswordRoute } from "@/app/api/auth/new-password/route";
import { POST as signInRoute } from "@/app/api/auth/sign-in/route";
import { createPasswordLink, passwordLinkEmail, replaceLostPassword } from "@/lib/auth/password-links";
import { sessionOf } from "@/lib/auth/session";
import { removePerson } from "@/lib/auth/users";
import type { TestDatabase } from "@/test/support/database";
import { ask, cookieOf, OWNER, serverRoom, startOver } from "./support/server-room.ts";

let room: TestDatabase;
beforeAll(async () => void (room = await serverRoom()));
beforeEach(() => startOver(room.db));
afterAll(() => room.drop());

const password = "a wholly different thing";
const made = (nowMs?: number) => createPasswordLink(room.db, OWNER.email, nowMs);
const signIn = (given: { email: string; password: string }) =>
  signInRoute(ask("/api/auth/sign-in", { method: "POST", body: given }), {});
const use = (token: string, chosen = password) =>
  newPasswordRoute(ask("/api/auth/new-password", { method: "POST", body: { token, password: chosen } }), {});

test("a link replaces the password, ends every session, and signs in", async () => {
  const before = cookieOf(await signIn(OWNER));
  const token = await createPasswordLink(room.db, " Owner@Example.test ");
  expect(await passwordLinkEmail(token)).toBe(OWNER.email);
  expect(await sessionOf(new Headers({ cookie: before }))).not.toBeNull(); // a link alone changes nothing
  const answer = await use(token);
  expect(answer.status).toBe(204);
  expect(await sessionOf(new Headers({ cookie: cookieOf(answer) }))).toMatchObject({ email: OWNER.email });
  expect(await sessionOf(new Headers({ cookie: before }))).toBeNull();
  expect((await signIn(OWNER)).status).toBe(401);
  expect((await signIn({ ...OWNER, password })).status).toBe(204);
});

test("a link is good once, also for 10 at the same time", async () => {
  const token = await made();
  const uses = await Promise.allSettled(
    Array.from({ length: 10 }, (_, i) => replaceLostPassword(token, `${password} ${i}`)),
  );
  expect(uses.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  for (const one of uses) if (one.status === "rejected") expect(one.reason).toMatchObject({ code: "link_expired" });
  expect((await use(token)).status).toBe(410);
});

test("a link is good for an hour, and until a newer one is made", async () => {
  const old = await made(Date.now() - 3_600_001);
  expect(await passwordLinkEmail(old)).toBeNull();
  const [first, second] = [await made(), await made()];
  expect([await passwordLinkEmail(first), await passwordLinkEmail(second)]).toEqual([null, OWNER.email]);
  await expect(replaceLostPassword(first, password)).rejects.toMatchObject({ code: "link_expired" });
});

test("of 8 links made at the same moment, one lives", async () => {
  const tokens = await Promise.all(Array.from({ length: 8 }, () => made()));
  const living = (await Promise.all(tokens.map((token) => passwordLinkEmail(token)))).filter((email) => email !== null);
  expect(living).toEqual([OWNER.email]);
});

test("a refused password leaves the link good", async () => {
  const token = await made();
  expect((await use(token, "password123")).status).toBe(400);
  expect((await use(token)).status).toBe(204);
});

test("a link of somebody who was removed since does nothing", async () => {
  const token = await made();
  await room.db.user.create({ data: { id: "other", name: "other", email: "other@example.test", emailVerified: true } });
  await removePerson("owner", room.db);
  expect((await use(token)).status).toBe(410);
});

test("an invitation is no such link, and such a link makes no account", async () => {
  const { invite, invitedEmail } = await import("@/lib/auth/invitations");
  const invitation = await invite({ email: "guest@example.test", createdBy: OWNER.email }, room.db);
  expect(await passwordLinkEmail(invitation)).toBeNull();
  expect((await use(invitation)).status).toBe(410);
  expect(await invitedEmail(await made())).toBeNull();
});

test("for an address without an account the accounts are named", async () => {
  await expect(createPasswordLink(room.db, "nobody@example.test")).rejects.toMatchObject({
    code: "not_found",
    message: `No account has the address nobody@example.test. Accounts: ${OWNER.email}.`,
  });
});
