import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { POST } from "@/app/api/auth/sign-in/route";
import { hashOfPassword, isPasswordOf } from "@/lib/auth/password-hash";
import type { TestDatabase } from "@/test/support/database";
import { ask, codeOf, cookieOf, OWNER, serverRoom, startOver } from "./support/server-room.ts";

vi.mock("@/lib/auth/password-hash", { spy: true });

/** How often the slow hash was computed since the mocks were cleared. */
const hashes = () => vi.mocked(hashOfPassword).mock.calls.length + vi.mocked(isPasswordOf).mock.calls.length;

let room: TestDatabase;
beforeAll(async () => void (room = await serverRoom()));
beforeEach(() => startOver(room.db));
afterAll(() => room.drop());

interface Try {
  email?: string;
  password?: string;
  from?: string;
  cookie?: string;
  headers?: Record<string, string>;
}
const tryTo = ({ email = OWNER.email, password = "wrong password", from, cookie, headers }: Try = {}) =>
  POST(
    ask("/api/auth/sign-in", {
      method: "POST",
      body: { email, password },
      ...(from === undefined ? {} : { from }),
      ...(cookie === undefined ? {} : { cookie }),
      ...(headers === undefined ? {} : { headers }),
    }),
    {},
  );
const statuses = async (tries: Try[]) => {
  const seen = [];
  for (const one of tries) seen.push((await tryTo(one)).status);
  return seen;
};
const times = <T>(n: number, make: (i: number) => T) => Array.from({ length: n }, (_, i) => make(i));
const RIGHT = { password: OWNER.password };

test("the right password signs in, with a cookie that scripts and other sites cannot use", async () => {
  const answer = await tryTo({ ...RIGHT, email: " OWNER@example.test" });
  expect(answer.status).toBe(204);
  const cookies = answer.headers.getSetCookie();
  expect(cookies.map((c) => c.split("=")[0])).toEqual(["tailfill.session_token", "tailfill.device"]);
  for (const cookie of cookies) {
    expect(cookie).toMatch(/HttpOnly/i);
    expect(cookie).toMatch(/SameSite=Lax/i);
    expect(cookie).toMatch(/Path=\//i);
    expect(cookie).not.toMatch(/Domain=/i);
  }
  expect(answer.headers.get("cache-control")).toBe("no-store");
});

test("a wrong password and an unknown address get the same answer, after the same work", async () => {
  const work = async (email: string) => {
    vi.clearAllMocks();
    const answer = await tryTo({ email });
    return { status: answer.status, body: await answer.text(), hashes: hashes() };
  };
  const known = await work(OWNER.email);
  const unknown = await work("nobody@example.test");
  expect(known.hashes).toBe(1);
  expect(unknown).toEqual(known);
  expect(known.status).toBe(401);
  expect(JSON.parse(known.body)).toMatchObject({
    code: "wrong_credentials",
    title: expect.not.stringContaining("API key"),
  });
});

test("after 10 wrong passwords for an account from anywhere, the 11th must wait, even with the right one", async () => {
  const tries = times(10, (i) => ({ from: `198.51.100.${i}` }));
  expect(await statuses(tries)).toEqual(times(10, () => 401));
  const answer = await tryTo({ ...RIGHT, from: "203.0.113.1" });
  expect(answer.status).toBe(429);
  const wait = Number(answer.headers.get("retry-after"));
  expect(wait).toBeGreaterThan(850);
  expect(wait).toBeLessThanOrEqual(900);
  expect(await codeOf(answer)).toBe("too_many_requests");
});

test("of 30 wrong passwords at once, at most 10 are checked", async () => {
  vi.clearAllMocks();
  const answers = await Promise.all(times(30, (i) => tryTo({ from: `198.51.100.${i}` })));
  expect(answers.filter((a) => a.status === 401)).toHaveLength(10);
  expect(hashes()).toBe(10);
});

test("one address guesses 10 times, whatever accounts it names and whatever it forwards", async () => {
  const tries = times(11, (i) => ({ email: `p${i}@example.test`, headers: { "x-forwarded-for": `10.0.0.${i}` } }));
  expect(await statuses(tries)).toEqual([...times(10, () => 401), 429]);
  expect((await tryTo({ ...RIGHT, from: "192.0.2.2" })).status).toBe(204);
});

test("a /64 of IPv6 is one address", async () => {
  const tries = times(11, (i) => ({ email: `p${i}@example.test`, from: `2001:db8:0:7:${i + 1}::${i + 9}` }));
  expect(await statuses(tries)).toEqual([...times(10, () => 401), 429]);
  expect((await tryTo({ email: "p@example.test", from: "2001:db8:0:8::1" })).status).toBe(401);
});

test("the owner is not locked out on a device that signed in before", async () => {
  const cookie = cookieOf(await tryTo(RIGHT));
  await statuses(times(12, () => ({})));
  expect((await tryTo(RIGHT)).status).toBe(429);
  expect((await tryTo({ ...RIGHT, cookie })).status).toBe(204);
  expect(await statuses(times(11, () => ({ cookie })))).toEqual([...times(10, () => 401), 429]);
});

test("the cookie of a device counts for its own account only, and not when it is changed", async () => {
  const device = cookieOf(await tryTo(RIGHT)).split("; ")[1] ?? "";
  await statuses(times(10, () => ({ email: "other@example.test" })));
  expect((await tryTo({ email: "other@example.test", cookie: device })).status).toBe(429);
  const changed = device.replace(/=./, (m) => (m === "=A" ? "=B" : "=A"));
  expect((await tryTo({ ...RIGHT, cookie: changed })).status).toBe(429);
  expect((await tryTo({ ...RIGHT, cookie: device })).status).toBe(204);
});

test("right passwords do not use up tries, nor give back wrong ones", async () => {
  await statuses(times(9, () => ({})));
  expect(await statuses(times(5, () => RIGHT))).toEqual(times(5, () => 204));
  expect(await statuses([{}, {}])).toEqual([401, 429]);
});

test("the wait ends by itself", async () => {
  await statuses(times(11, () => ({})));
  await room.db.$executeRaw`UPDATE sign_in_try SET expire = expire - 900000`;
  expect((await tryTo(RIGHT)).status).toBe(204);
});

test.each([{ "content-type": "text/plain" }, { "content-type": "application/x-www-form-urlencoded" }])(
  "a body sent as %o is refused",
  async (headers) => expect((await tryTo({ ...RIGHT, headers })).status).toBe(415),
);

test("an endless password is refused before it is hashed", async () => {
  vi.clearAllMocks();
  expect((await tryTo({ password: "x".repeat(1_001) })).status).toBe(400);
  expect((await tryTo({ password: "x".repeat(100_000) })).status).toBe(413);
  expect(hashes()).toBe(0);
});
