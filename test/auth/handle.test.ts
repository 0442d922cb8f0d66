import { afterAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { handle, toTailfillError } from "@/lib/auth/handle";
import { TailfillError } from "@/lib/errors";
import * as logging from "@/lib/log";
import { openDb } from "@/lib/store/db";
import { isDatabaseDown } from "@/lib/store/failure";
import { testDatabase } from "@/test/support/database";
import { ask, codeOf, serverRoom } from "./support/server-room.ts";

vi.mock("@/lib/log", { spy: true });

const room = serverRoom();
afterAll(async () => (await room).drop());

const answerOf = (failure: unknown) => handle(() => Promise.reject(failure))(ask("/api/v1/services"), {});

test("a known error is told as a problem, and by its status", async () => {
  const answer = await answerOf(new TailfillError("too_many_requests", "Slower.", { retryAfterSeconds: 7 }));
  expect(answer.status).toBe(429);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect(answer.headers.get("retry-after")).toBe("7");
  expect(answer.headers.get("cache-control")).toBe("no-store");
  expect(await answer.json()).toMatchObject({ code: "too_many_requests", detail: "Slower.", status: 429 });
});

test("an unknown error shows nothing of itself but a reference that is in the log", async () => {
  const error = vi.fn();
  vi.mocked(logging.log).mockReturnValueOnce({ error } as never);
  const answer = await answerOf(new Error("password=hunter2 at secret.ts:1"));
  expect(answer.status).toBe(500);
  const text = await answer.text();
  expect(text).not.toMatch(/hunter2|secret/);
  const reference = /Reference: ([0-9a-f]{12})/.exec(text)?.[1];
  expect(error.mock.calls[0]?.[0]).toMatchObject({ reference, path: "/api/v1/services", method: "GET" });
});

test("an input that a schema refuses is told as bad_request, with the place", async () => {
  const answer = await answerOf(z.object({ a: z.object({ b: z.string() }) }).safeParse({ a: { b: 1 } }).error);
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ code: "bad_request", detail: expect.stringContaining("a.b: ") });
});

test("a handler's own cache-control stays, and what Next.js throws for itself passes", async () => {
  const kept = handle(() => new Response(null, { headers: { "cache-control": "private" } }));
  expect((await kept(ask("/"), {})).headers.get("cache-control")).toBe("private");
  const signal = Object.assign(new Error("NEXT_REDIRECT"), { digest: "NEXT_REDIRECT;replace;/sign-in;307;" });
  await expect(answerOf(signal)).rejects.toBe(signal);
});

test("a database that nobody answers for is 503 with Retry-After", async () => {
  for (const url of ["postgresql://postgres@127.0.0.1:1/nothing", "postgresql:///x?host=/nowhere"]) {
    const down = openDb(url, 1);
    const failure: unknown = await down.user.count().catch((error: unknown) => error);
    const answer = await answerOf(failure);
    expect([url, answer.status, answer.headers.get("retry-after")]).toEqual([url, 503, "5"]);
    expect(await codeOf(answer)).toBe("database_unavailable");
    await down.$disconnect();
  }
});

test("a connection that the server cuts is 503, by the model and by raw statements", async () => {
  const database = await testDatabase();
  const cut = openDb(database.url, 1);
  for (const question of [() => cut.user.count(), () => cut.$queryRaw`SELECT count(*) FROM "user"`]) {
    await question();
    const [{ pid } = { pid: 0 }] = await cut.$queryRaw<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`;
    const slow = cut.$queryRaw`SELECT pg_sleep(30)::text`.catch((error: unknown) => error);
    await database.db.$queryRaw`SELECT pg_terminate_backend(${pid}::int)`;
    expect(isDatabaseDown(await slow)).toBe(true);
  }
  await cut.$disconnect();
  await database.drop();
});

test("a text that the database cannot hold is the sender's mistake, wherever it gets that far", async () => {
  const { db } = await room;
  for (const ask of [
    () => db.user.findUnique({ where: { id: "a\0b" } }),
    () => db.apiKey.deleteMany({ where: { name: "\0" } }),
    () => db.$queryRaw`SELECT ${"\0"}::text`,
  ]) {
    const failure: unknown = await ask().then(
      () => null,
      (error: unknown) => error,
    );
    const answer = await answerOf(failure);
    expect([answer.status, await codeOf(answer)]).toEqual([400, "bad_request"]);
  }
});

test("a question that the database refuses is our mistake, not an outage", async () => {
  const { db } = await room;
  vi.mocked(logging.log).mockReturnValue({ error: vi.fn() } as never);
  for (const mistake of [db.$queryRaw`SELECT nothing FROM nowhere`, db.user.create({ data: {} as never })]) {
    const failure: unknown = await mistake.catch((error: unknown) => error);
    expect(isDatabaseDown(failure)).toBe(false);
    expect(toTailfillError(failure, ask("/")).code).toBe("internal");
  }
});
