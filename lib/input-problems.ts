import type { z } from "zod";

type RawIssue = z.core.$ZodRawIssue;

const KINDS: Record<string, string> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};
const FORMATS: Record<string, string> = {
  email: "an e-mail address",
  uuid: "a UUID",
  url: "an http or https address",
  datetime: "a time as 2026-11-22T10:00:00Z",
};

/**
 * What is wrong with an input, in our own words, to follow its name: "must be text". Give it to a parse as its `error`;
 * a schema's own message comes before it.
 */
export function plainWords(issue: RawIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined ? "is missing" : `must be ${KINDS[issue.expected] ?? issue.expected}`;
    case "too_small":
      return issue.origin === "string" && issue.minimum === 1 ? "must not be empty" : bound(issue, "at least");
    case "too_big":
      return bound(issue, "at most");
    case "invalid_format":
      return `must be ${FORMATS[issue.format] ?? "of another form"}`;
    case "invalid_value":
      if (issue.input === undefined) return "is missing";
      return `must be ${issue.values.map((value) => JSON.stringify(value)).join(" or ")}`;
    case "unrecognized_keys":
      return `knows no ${issue.keys.map((key) => JSON.stringify(key.slice(0, 40))).join(", ")}`;
    case "invalid_union":
      return issue.input === undefined ? "is missing" : "is none of those that are known";
    default:
      return "is not as it should be";
  }
}

/** What a length counts: one of them, several. */
const UNITS: Record<string, [one: string, several: string]> = {
  string: ["character", "characters"],
  array: ["entry", "entries"],
};

function bound(issue: RawIssue & { code: "too_small" | "too_big" }, how: string): string {
  const limit = Number(issue.code === "too_small" ? issue.minimum : issue.maximum);
  const unit = UNITS[issue.origin];
  return unit === undefined ? `must be ${how} ${limit}` : `must have ${how} ${limit} ${unit[limit === 1 ? 0 : 1]}`;
}

/** One sentence for each place of an input where something is wrong: "endpoints.3.method: must be text." */
export function problemsOf({ issues }: z.ZodError): string[] {
  const places = new Map<string, string>();
  for (const { path, message } of issues) {
    const place = path.join(".") || "the body";
    if (!places.has(place)) places.set(place, `${place}: ${message}.`);
  }
  return [...places.values()];
}
