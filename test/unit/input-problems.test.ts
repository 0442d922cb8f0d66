import { describe, expect, it } from "vitest";
import { z } from "zod";
import { plainWords, problemsOf } from "@/lib/input-problems";

const problems = (schema: z.ZodType, input: unknown): string[] => {
  const { error } = schema.safeParse(input, { error: plainWords });
  return error === undefined ? [] : problemsOf(error);
};

describe("what is wrong with an input", () => {
  const schema = z.strictObject({
    name: z.string().trim().min(1).max(3),
    scopes: z
      .array(z.enum(["read", "write"]))
      .min(1)
      .max(2),
    email: z.email(),
    id: z.uuid().optional(),
    version: z.literal(1).optional(),
    count: z.number().int().min(1).max(5).optional(),
    on: z.boolean().optional(),
    map: z.record(z.string(), z.number()).optional(),
  });
  const good = { name: "a", scopes: ["read"], email: "a@b.example" };

  it.each<[unknown, string[]]>([
    [null, ["the body: must be an object."]],
    [[], ["the body: must be an object."]],
    [{}, ["name: is missing.", "scopes: is missing.", "email: is missing."]],
    [{ ...good, name: " " }, ["name: must not be empty."]],
    [{ ...good, name: "abcd" }, ["name: must have at most 3 characters."]],
    [{ ...good, name: 1 }, ["name: must be text."]],
    [{ ...good, scopes: [] }, ["scopes: must have at least 1 entry."]],
    [{ ...good, scopes: ["x", "read", "y", "x"] }, ["scopes: must have at most 2 entries."]],
    [{ ...good, scopes: ["x", "read"] }, ['scopes.0: must be "read" or "write".']],
    [{ ...good, scopes: "read" }, ["scopes: must be a list."]],
    [{ ...good, email: "x" }, ["email: must be an e-mail address."]],
    [{ ...good, id: "x" }, ["id: must be a UUID."]],
    [{ ...good, version: 2 }, ["version: must be 1."]],
    [{ ...good, count: 1.5 }, ["count: must be a whole number."]],
    [{ ...good, count: 0 }, ["count: must be at least 1."]],
    [{ ...good, count: 6 }, ["count: must be at most 5."]],
    [{ ...good, on: 1 }, ["on: must be true or false."]],
    [{ ...good, map: { a: "1" } }, ["map.a: must be a number."]],
    [{ ...good, admin: true, x: 1 }, ['the body: knows no "admin", "x".']],
  ])("%j", (input, expected) => {
    expect(problems(schema, input).sort()).toEqual([...expected].sort());
  });

  it("is that it is missing, also where only one value would do", () => {
    expect(problems(z.object({ v: z.literal(1), mode: z.enum(["a", "b"]) }), {})).toEqual([
      "v: is missing.",
      "mode: is missing.",
    ]);
  });

  it("is told in the schema's own words where it has some", () => {
    expect(problems(z.object({ a: z.string().regex(/^x/, "must begin with x") }), { a: "y" })).toEqual([
      "a: must begin with x.",
    ]);
  });
});
