import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { switchOn, switchOnLater, targetFor } from "@/lib/demo/filling";
import { until } from "../support/until.ts";

let server: Server;
afterEach(() => void server.close());

interface Now {
  mode: string;
  changedBy: string | null;
  /** What is predicted; null before anything is planned. */
  p99BeforeUs?: number | null;
}

/** A server that has these settings, and notes what it is asked; it fails the first `failures` times. */
async function settings({ p99BeforeUs = 1_370_000, ...now }: Now, failures = 0) {
  const asked: string[] = [];
  server = createServer((req, res) => {
    if (failures-- > 0) return void res.writeHead(503).end();
    let body = "";
    req.on("data", (chunk: Buffer) => (body += chunk.toString()));
    req.on("end", () => {
      asked.push(`${req.method} ${req.url} ${body}`);
      res.end(JSON.stringify(req.url!.includes("candidates") ? { predicted: { p99BeforeUs } } : now));
    });
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { asked, door: { url, apiKey: "tf_x", service: "shop", environment: "demo" } };
}

test("filling is switched on for the demo's service, with a target that its machine can miss", async () => {
  const { asked, door } = await settings({ mode: "observe", changedBy: null });
  await switchOn(door);
  expect(asked).toEqual([
    "GET /api/v1/prefill/settings?service=shop&environment=demo ",
    "GET /api/v1/prefill/candidates?service=shop&environment=demo ",
    expect.stringMatching(/^PATCH .*settings\?service=shop&environment=demo {"mode":"fill",.*"targetUs":690000}$/),
  ]);
});

test.each([
  { mode: "stop", changedBy: "ada@example.org" },
  { mode: "observe", changedBy: "ada@example.org" },
  { mode: "stop", changedBy: null },
])("what a person has set stays: $mode by $changedBy", async (now) => {
  const { asked, door } = await settings(now);
  await switchOn(door);
  expect(asked.map((line) => line.split(" ")[0])).toEqual(["GET"]);
});

test("it waits before it asks, and nothing is asked after a stop", async () => {
  const { asked, door } = await settings({ mode: "observe", changedBy: null });
  const never = switchOnLater(door, 3_600_000);
  const soon = switchOnLater(door, 1);
  await until("it has been switched on", () => asked.length === 3);
  never.stop();
  soon.stop();
});

test("a server that cannot be asked is an error, so that it is asked again", async () => {
  const { asked, door } = await settings({ mode: "observe", changedBy: null }, 1);
  await expect(switchOn(door)).rejects.toThrow("503");
  await switchOn(door);
  expect(asked.length).toBe(3);
});

test("before anything is planned there is no target: it is asked again", async () => {
  const { asked, door } = await settings({ mode: "observe", changedBy: null, p99BeforeUs: null });
  await expect(switchOn(door)).rejects.toThrow("planned");
  expect(asked.length).toBe(2);
});

test.each([
  [1_370_000, 690_000],
  [350_207, 180_000],
  [20_000, 10_000],
  [900, 1_000],
])("a p99 of %d µs makes a target of %d µs", (p99Us, targetUs) => {
  expect(targetFor(p99Us)).toBe(targetUs);
});
