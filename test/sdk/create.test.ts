import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { createTailfill } from "@/lib/sdk/src/index";
import { readSettings } from "@/lib/sdk/src/environment";
import { registry } from "@/lib/sdk/src/registry";
import type { Client } from "@/lib/sdk/src/client-type";

const ok = { url: "http://127.0.0.1:1", apiKey: "tf_key", service: "shop" };
const clients: Client[] = [];
let warnings: string[];

function create(...args: Parameters<typeof createTailfill>): Client {
  const client = createTailfill(...args);
  clients.push(client);
  return client;
}

beforeEach(() => {
  warnings = [];
  registry().said.clear();
  vi.spyOn(process, "emitWarning").mockImplementation((warning) => void warnings.push(String(warning)));
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.stop()));
  vi.restoreAllMocks();
});

describe("createTailfill", () => {
  it("without url or key does nothing, and says so once", async () => {
    const some = [create({ url: "", apiKey: "" }), create({ url: "", apiKey: "" }), create({ url: "", apiKey: "" })];
    for (const client of some) {
      client.record("GET", "/", "ok", 1);
      await client.flush();
      expect(client.enabled).toBe(false);
      expect(client.stats().unreportedLosses).toEqual({});
    }
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/nothing is recorded.*TAILFILL_URL.*TAILFILL_API_KEY/);
  });

  it.each([
    [{ ...ok, url: "tailfill.internal" }, /not an http/],
    [{ ...ok, url: "ftp://tailfill.internal" }, /not an http/],
    [{ ...ok, apiKey: "tf_\r\nx: y" }, /no header can carry/],
  ])("refuses %j with a reason", (options, reason) => {
    expect(create(options).enabled).toBe(false);
    expect(warnings.join()).toMatch(reason);
    expect(warnings.join()).not.toContain("x: y");
  });

  it("returns the first client on a second start, and says so once", () => {
    const first = create(ok);
    expect(create({ ...ok, user: () => "x" })).toBe(first);
    expect(create(ok)).toBe(first);
    expect(warnings).toHaveLength(1);
    expect(create({ ...ok, environment: "staging" })).not.toBe(first);
    expect(create({ ...ok, service: "jobs" })).not.toBe(first);
  });

  it("starts anew after a stop, and leaves nothing on the process", async () => {
    const before = process.listenerCount("beforeExit");
    const first = create(ok);
    expect(process.listenerCount("beforeExit")).toBe(before + 1);
    await first.stop();
    expect(process.listenerCount("beforeExit")).toBe(before);
    expect(create(ok)).not.toBe(first);
  });

  it("tells onError what went wrong, and throws nothing without it", () => {
    const wrong = new Proxy({}, { get: () => Object.defineProperty({}, "trim", { get: () => fail() }) });
    const fail = () => {
      throw new Error("boom");
    };
    const options = Object.defineProperty({ ...ok }, "service", { get: fail });
    expect(createTailfill(options).enabled).toBe(false);
    const errors: unknown[] = [];
    Object.assign(options, { onError: (error: unknown) => errors.push(error) });
    expect(createTailfill(options).enabled).toBe(false);
    expect(errors).toEqual([new Error("boom")]);
    expect(createTailfill(wrong as never).enabled).toBe(false);
    expect(createTailfill(null as never).enabled).toBe(false);
  });
});

describe("settings", () => {
  const env = {
    TAILFILL_URL: "https://t.example/base/",
    TAILFILL_API_KEY: " tf_k ",
    TAILFILL_SERVICE: "env-shop",
    TAILFILL_ENVIRONMENT: "staging",
    NODE_ENV: "production",
  };

  it("come from the environment where options are silent", () => {
    expect(readSettings({}, env)).toMatchObject({
      apiKey: "tf_k",
      service: "env-shop",
      environment: "staging",
      problems: [],
    });
    expect(readSettings({}, env).ingestUrl!.href).toBe("https://t.example/base/api/v1/ingest");
    expect(readSettings({ service: "own", url: "http://a:1?x=1#y" }, env)).toMatchObject({ service: "own" });
    expect(readSettings({ url: "http://a:1?x=1#y" }, env).ingestUrl!.href).toBe("http://a:1/api/v1/ingest");
    expect(readSettings({}, { NODE_ENV: "development" })).toMatchObject({ service: "app", environment: "development" });
    expect(readSettings({}, {})).toMatchObject({ environment: "production", windowSeconds: 10 });
  });

  it("give each client an instance of its own", () => {
    const some = new Set(Array.from({ length: 100 }, () => readSettings({}, env).instance));
    expect(some.size).toBe(100);
    for (const instance of some) expect(instance).toContain(`:${process.pid}:`);
  });

  it.each([0, -1, 1.5, Number.NaN, 301])("refuse a window of %d s", (windowSeconds) => {
    const settings = readSettings({ windowSeconds }, env);
    expect(settings.windowSeconds).toBe(10);
    expect(settings.problems.join()).toMatch(/windowSeconds/);
  });
});
