import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodePayload } from "@/lib/histogram";
import { cleanName, decodeBatch, encodeBatch, parseJsonBatch } from "@/lib/wire";

const strange = [
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "<script>alert(1)</script>",
  "\u202Eevil",
  "\uFEFFbom",
];
const payload = encodePayload([1]);

function batchNamed(name: string) {
  return {
    batch: "0193a5c8-6f00-7c3e-9b55-2f6f1c0d9a11",
    service: name,
    environment: name,
    instance: name,
    release: name,
    window: { startMs: 0, seconds: 10 },
    endpoints: [{ method: name, route: name, outcomes: { ok: payload }, users: [{ id: name, latency: payload }] }],
    losses: new Map([[name, 1]]),
  };
}

function jsonNamed(name: string): unknown {
  const window = { start: "1970-01-01T00:00:00Z", seconds: 10 };
  const endpoints = [{ method: name, route: name, users: [{ id: name, latency: "HISTOGRAM" }] }];
  const { service, environment, instance, batch } = batchNamed(name);
  const losses = `{${JSON.stringify(name)}:1}`;
  return JSON.parse(
    JSON.stringify({ v: 1, batch, service, environment, instance, window, endpoints, losses: "LOSSES" })
      .replace('"LOSSES"', () => losses)
      .replace("HISTOGRAM", "HISTFAAAAAMAAAAAAAAAAwAAAAAAAAABAAAAAAAA"),
  );
}

describe("a strange name", () => {
  it.each(strange)("is text like any other: %s", (name) => {
    const before = Object.getOwnPropertyNames(Object.prototype);
    const { batch, rejected } = decodeBatch(encodeBatch(batchNamed(name)));
    expect(rejected).toEqual([]);
    expect(batch.service).toBe(name);
    expect(batch.endpoints[0]!.route).toBe(name);
    expect(batch.endpoints[0]!.users[0]!.id).toBe(name);
    const json = parseJsonBatch(jsonNamed(name)).batch;
    expect(json.service).toBe(name);
    expect(json.endpoints[0]!.method).toBe(name);
    expect(json.losses).toEqual(new Map([["unknown", 1]]));
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
    expect(({} as Record<string, unknown>).ok).toBeUndefined();
  });

  it("does not stand for a property that a sender left out", () => {
    const body = JSON.parse(
      '{"v":1,"__proto__":{"batch":"0193a5c8-6f00-7c3e-9b55-2f6f1c0d9a11","service":"x"}}',
    ) as unknown;
    expect(() => parseJsonBatch(body)).toThrow("batch is missing");
    expect(parseJsonBatch(jsonNamed("x")).batch.service).toBe("x");
    expect(() => parseJsonBatch(Object.create(jsonNamed("x") as object))).toThrow("v is missing");
  });

  it.each([
    ["a\0b", "a\uFFFDb"],
    ["\uD800", "\uFFFD"],
    ["x\uDC00y", "x\uFFFDy"],
    ["😀", "😀"],
    ["n".repeat(10_000), "n".repeat(256)],
    ["n".repeat(255) + "😀", "n".repeat(255) + "\uFFFD"],
  ])("is cleaned (%#)", (name, clean) => {
    expect(cleanName(name)).toBe(clean);
    expect(decodeBatch(encodeBatch(batchNamed(name))).batch.endpoints[0]!.users[0]!.id).toBe(
      name.startsWith("n".repeat(255) + "😀") ? "n".repeat(255) + "\uFFFD" : clean,
    );
    expect(parseJsonBatch(jsonNamed(name)).batch.service).toBe(clean);
  });

  it("is left alone once it is clean", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
        (name) => {
          const clean = cleanName(name);
          expect(cleanName(clean)).toBe(clean);
          expect(clean).not.toMatch(/\0|\p{Surrogate}/u);
        },
      ),
    );
  });
});
