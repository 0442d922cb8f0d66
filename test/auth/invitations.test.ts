import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { POST as acceptRoute } from "@/app/api/auth/invite/route";
import { acceptInvitation, invite, invitedEmail, listInvitations, withdrawInvitation } from "@/lib/auth/invitations";
import { sessionOf } from "@/lib/auth/session";
import { listPeople } from "@/lib/auth/users";
import type { TestDatabase } from "@/test/support/database";
import { ask, cookieOf, OWNER, serverRoom, startOver } from "./support/server-room.ts";

let room: TestDatabase;
beforeAll(async () => void (room = await serverRoom()));
beforeEach(() => startOver(room.db));
afterAll(() => room.drop());

const GUEST = "guest@example.test";
const password = "another long password";
const asked = (email = GUEST, nowMs?: number) => invite({ email, createdBy: OWNER.email }, room.db, nowMs);

test("an invitation makes one account with the invited address, and signs it in", async () => {
  const token = await asked(" Guest@Example.test ");
  expect(await invitedEmail(token)).toBe(GUEST);
  const answer = await acceptRoute(ask("/api/auth/invite", { method: "POST", body: { token, password } }), {});
  expect(answer.status).toBe(204);
  expect(await sessionOf(new Headers({ cookie: cookieOf(answer) }))).toMatchObject({ email: GUEST });
  expect((await listPeople()).map((p) => p.email)).toEqual([OWNER.email, GUEST]);
  expect(await invitedEmail(token)).toBeNull();
  expect(await listInvitations()).toEqual([]);
});

test("of 10 uses at once, one makes the account", async () => {
  const token = await asked();
  const uses = await Promise.allSettled(Array.from({ length: 10 }, () => acceptInvitation(token, { password })));
  expect(uses.filter((u) => u.status === "fulfilled")).toHaveLength(1);
  for (const use of uses) if (use.status === "rejected") expect(use.reason).toMatchObject({ code: "link_expired" });
  expect(await listPeople()).toHaveLength(2);
});

test("an invitation is good for seven days", async () => {
  const token = await asked(GUEST, Date.now() - 7 * 24 * 3_600_000 - 1);
  expect(await invitedEmail(token)).toBeNull();
  await expect(acceptInvitation(token, { password })).rejects.toMatchObject({ code: "link_expired" });
});

test("a withdrawn invitation stops working", async () => {
  const token = await asked();
  const [open] = await listInvitations();
  expect(open).toMatchObject({ email: GUEST, createdBy: OWNER.email });
  await withdrawInvitation(open?.id ?? "");
  await expect(acceptInvitation(token, { password })).rejects.toMatchObject({ code: "link_expired" });
  await expect(withdrawInvitation(open?.id ?? "")).rejects.toMatchObject({ code: "not_found" });
});

test("who has an account is not invited, and a refused password leaves the link good", async () => {
  await expect(asked(OWNER.email)).rejects.toMatchObject({ code: "already_exists" });
  const token = await asked();
  await expect(acceptInvitation(token, { password: "short" })).rejects.toMatchObject({ code: "bad_request" });
  await acceptInvitation(token, { password });
  await expect(asked()).rejects.toMatchObject({ code: "already_exists" });
  expect(await listPeople()).toHaveLength(2);
});

test("a newer invitation of the same address takes the place of an older one, and of no other's", async () => {
  const others = await asked("other@example.test");
  const [first, second] = [await asked(), await asked(" GUEST@example.test")];
  await expect(acceptInvitation(first, { password })).rejects.toMatchObject({ code: "link_expired" });
  expect(await Promise.all([first, second, others].map((token) => invitedEmail(token)))).toEqual([
    null,
    GUEST,
    "other@example.test",
  ]);
});

test("of 8 invitations of one address at the same moment, one lives", async () => {
  const tokens = await Promise.all(Array.from({ length: 8 }, () => asked()));
  const living = (await Promise.all(tokens.map((token) => invitedEmail(token)))).filter((email) => email !== null);
  expect(living).toEqual([GUEST]);
  expect(await listInvitations()).toHaveLength(1);
});

test("a setup link invites nobody, and an invitation sets nothing up", async () => {
  const token = await asked();
  await room.db.link.updateMany({ data: { kind: "setup" } });
  expect(await invitedEmail(token)).toBeNull();
  await expect(acceptInvitation(token, { password })).rejects.toMatchObject({ code: "link_expired" });
});
