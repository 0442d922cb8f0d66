import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { requireScope } from "@/lib/auth/access";
import { createApiKey, KeyRing, listApiKeys, registerKeyAtStart, revokeApiKey } from "@/lib/auth/api-keys";
import { handle } from "@/lib/auth/handle";
import { newApiKey } from "@/lib/key-format";
import { findLiveKey, noteKeyUse } from "@/lib/store/api-keys";
import { FakeClock } from "@/test/support/clock";
import type { TestDatabase } from "@/test/support/database";
import { until } from "@/test/support/until";
import { ask, codeOf, serverRoom } from "./support/server-room.ts";

vi.mock("@/lib/store/api-keys", { spy: true });
const asked = vi.mocked(findLiveKey);
const written = vi.mocked(noteKeyUse);

let room: TestDatabase;
beforeAll(async () => void (room = await serverRoom()));
beforeEach(() => void vi.clearAllMocks());
afterAll(() => room.drop());

const make = (scopes: ("ingest" | "read" | "write")[], name = "a key") =>
  createApiKey({ name, scopes, createdBy: "owner@example.test" });
const bearer = (key: string) => ask("/api/v1/services", { headers: { authorization: `Bearer ${key}` } });

test("only the SHA-256 of a key is in the database", async () => {
  const { key, row } = await make(["ingest"], "kept as a hash");
  const stored = await room.db.$queryRaw<{ text: string }[]>`SELECT row_to_json(k)::text AS text FROM api_key k`;
  const dump = stored.map((r) => r.text).join("\n");
  expect(dump).toContain("kept as a hash");
  expect(dump).not.toContain(key);
  expect(dump).not.toContain(key.slice(3, 43));
  expect(row.hint).toBe(key.slice(0, 7));
});

test("a key opens what its scopes name, and nothing else", async () => {
  const all = ["ingest", "read", "write"] as const;
  for (const own of all) {
    const { key } = await make([own]);
    for (const wanted of all) {
      const answer = await handle(async (r) => Response.json(await requireScope(r, wanted)))(bearer(key), {});
      expect([own, wanted, answer.status]).toEqual([own, wanted, own === wanted ? 200 : 403]);
    }
  }
});

test.each([
  "",
  "Bearer",
  "Bearer x",
  "Basic dXNlcjpwYXNz",
  `Bearer ${newApiKey()}`,
  "Bearer tf_" + "0".repeat(45) + "1",
])("`Authorization: %s` is answered 401", async (authorization) => {
  const request = ask("/api/v1/services");
  request.headers.set("authorization", authorization);
  const answer = await handle(async (r) => Response.json(await requireScope(r, "read")))(request, {});
  expect(answer.status).toBe(401);
  expect(answer.headers.get("www-authenticate")).toContain("Bearer");
  expect(await codeOf(answer)).toBe("unauthenticated");
});

test("a key in the URL counts for nothing", async () => {
  const { key } = await make(["read"]);
  const request = ask(`/api/v1/services?key=${key}&api_key=${key}&access_token=${key}`);
  await expect(requireScope(request, "read")).rejects.toMatchObject({ code: "unauthenticated" });
});

test("a key whose check is wrong costs no query; a good one is asked for once in a while", async () => {
  const { key } = await make(["read"]);
  const clock = new FakeClock();
  const ring = new KeyRing(room.db, clock);
  const mistyped = key.slice(0, -1) + (key.endsWith("a") ? "b" : "a");
  expect(await ring.verify(mistyped)).toBeNull();
  expect(asked).toHaveBeenCalledTimes(0);
  await Promise.all(Array.from({ length: 100 }, () => ring.verify(key)));
  expect(asked).toHaveBeenCalledTimes(1);
  clock.advance(2_499);
  await ring.verify(key);
  expect(asked).toHaveBeenCalledTimes(1);
  clock.advance(1);
  await ring.verify(key);
  expect(asked).toHaveBeenCalledTimes(2);
});

test("a revoked key is dead at once in this process and within 5 s in every other", async () => {
  const { key, row } = await make(["read"]);
  const clock = new FakeClock();
  const otherProcess = new KeyRing(room.db, clock);
  expect(await otherProcess.verify(key)).not.toBeNull();
  expect((await requireScope(bearer(key), "read")).name).toBe("a key");
  await revokeApiKey(row.id);
  await expect(requireScope(bearer(key), "read")).rejects.toMatchObject({ code: "unauthenticated" });
  clock.advance(5_000);
  expect(await otherProcess.verify(key)).toBeNull();
  await expect(revokeApiKey(row.id)).rejects.toMatchObject({ code: "not_found" });
});

test("a failed question is no answer: the key works again when the database does", async () => {
  const { key } = await make(["read"]);
  const ring = new KeyRing(room.db, new FakeClock());
  const down = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
  asked.mockRejectedValueOnce(down);
  await expect(ring.verify(key)).rejects.toBe(down);
  expect(await ring.verify(key)).not.toBeNull();
});

test("the last use is noted, at most once a minute", async () => {
  const { key, row } = await make(["read"]);
  const clock = new FakeClock();
  const ring = new KeyRing(room.db, clock);
  const lastUse = async () => (await listApiKeys()).find((k) => k.id === row.id)?.lastUsedAt?.getTime();
  const first = clock.now();
  await ring.verify(key);
  await until("the first use is noted", async () => (await lastUse()) === first);
  written.mockClear();
  clock.advance(59_999);
  await ring.verify(key);
  expect(written).toHaveBeenCalledTimes(0);
  clock.advance(1);
  await ring.verify(key);
  await until("the next use is noted", async () => (await lastUse()) === first + 60_000);
});

test("the ring remembers a bounded number of keys", async () => {
  const ring = new KeyRing(room.db, new FakeClock());
  const keys = Array.from({ length: 1_001 }, newApiKey);
  for (const key of keys) await ring.verify(key);
  expect(asked).toHaveBeenCalledTimes(1_001);
  await ring.verify(keys[1_000] ?? "");
  expect(asked).toHaveBeenCalledTimes(1_001);
  await ring.verify(keys[0] ?? "");
  expect(asked).toHaveBeenCalledTimes(1_002);
});

test("a key from the settings is registered only while there is none", async () => {
  const wanted = newApiKey();
  expect(await registerKeyAtStart(room.db, wanted)).toBe(false);
  await room.db.apiKey.deleteMany();
  expect(await registerKeyAtStart(room.db, wanted)).toBe(true);
  expect(await registerKeyAtStart(room.db, newApiKey())).toBe(false);
  expect((await requireScope(bearer(wanted), "ingest")).scopes).toEqual(["ingest", "read", "write"]);
  await expect(registerKeyAtStart(room.db, wanted.slice(0, -1) + "-")).rejects.toMatchObject({ code: "bad_setting" });
});
