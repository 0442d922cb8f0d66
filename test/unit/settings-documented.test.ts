import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const names = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, name]) => name ?? "").toSorted();
const source = readFileSync("lib/config.ts", "utf8");
const schema = source.slice(source.indexOf("z.object({"), source.indexOf("function togetherProblems"));
/** Set by `start` for its own children: nobody else sets it. */
const INTERNAL = new Set(["TAILFILL_EMBEDDED"]);
const settings = names(schema, /^ {2}([A-Z_]+):/gm).filter((name) => !INTERNAL.has(name));

test("every setting is in .env.example, and nothing else is", () => {
  expect(settings.length).toBeGreaterThan(10);
  expect(names(readFileSync(".env.example", "utf8"), /^([A-Z_]+)=/gm)).toEqual(settings);
});

test("every setting is in docs/operating.md", () => {
  expect(names(readFileSync("docs/operating.md", "utf8"), /^\| `([A-Z_]+)` \|/gm)).toEqual(settings);
});
