import { expect, test } from "vitest";
import { SlowRequests } from "@/lib/sdk/src/insight/slow-requests";
import type { RequestReport } from "@/lib/wire/index";

const HOUR = 3_600_000;
const report = (endpoint: string, latencyUs: number): RequestReport => ({
  id: "",
  endpoint,
  latencyUs,
  user: null,
  traceId: null,
  outcome: "ok",
  databaseUs: 0,
  statements: 0,
  slowest: [],
});
const add = (slow: SlowRequests, endpoint: string, latencyUs: number, nowMs = 0) =>
  slow.add(endpoint, latencyUs, nowMs, () => report(endpoint, latencyUs));
const told = (slow: SlowRequests) => slow.take().map(({ latencyUs }) => latencyUs);

test("of each endpoint the five slowest of the hour are told, each once", () => {
  const slow = new SlowRequests();
  for (let us = 1; us <= 100; us++) add(slow, "GET /a", us);
  add(slow, "GET /b", 1);
  expect(told(slow)).toEqual([96, 97, 98, 99, 100, 1]);
  add(slow, "GET /a", 97);
  add(slow, "GET /a", 96);
  expect(told(slow)).toEqual([97]);
  expect(told(slow)).toEqual([]);
});

test("an hour later quicker ones are told again, and one that waits to be told is not lost", () => {
  const slow = new SlowRequests();
  add(slow, "GET /a", 5);
  add(slow, "GET /a", 4, HOUR);
  add(slow, "GET /a", 100, 2 * HOUR);
  expect(told(slow)).toEqual([5, 4, 100]);
});

test("what makes up an endpoint for each request is not followed for ever", () => {
  const slow = new SlowRequests();
  for (let n = 0; n < 1_000; n++) add(slow, `GET /${n}`, n);
  expect(told(slow)).toHaveLength(200);
  add(slow, "GET /0", 5);
  expect(told(slow)).toEqual([5]);
});
