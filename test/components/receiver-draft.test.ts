import { describe, expect, test } from "vitest";
import { changesOf, draftOf, NEW_DRAFT, newReceiver } from "@/components/alerts/receivers/receiver-draft";
import { readableBody, requestHead, shownLines } from "@/components/alerts/deliveries/request-text";
import type { AlertAnswer } from "@/lib/query/alert-answer-schemas";

const KEY = "k".repeat(32);
const receiver = (changes: Partial<AlertAnswer<"AlertReceiver">>) =>
  ({ name: "ops", kind: "webhook", url: "https://example.com/…", ...changes }) as AlertAnswer<"AlertReceiver">;
/** What somebody typed while they looked at other kinds. */
const TYPED = {
  ...NEW_DRAFT,
  name: "ops",
  url: "https://example.com/hook",
  routingKey: ` ${KEY} `,
  to: "a@b.c, d@e.f;g@h.i",
};

describe("a receiver that is made", () => {
  test.each([
    ["webhook", { url: "https://example.com/hook" }],
    ["slack", { url: "https://example.com/hook" }],
    ["pagerduty", { routingKey: KEY }],
    ["email", { to: ["a@b.c", "d@e.f", "g@h.i"] }],
  ] as const)("%s has what its kind has, and nothing else", (kind, reach) => {
    expect(newReceiver({ ...TYPED, kind })).toEqual({ name: "ops", kind, ...reach });
  });

  test("at PagerDuty in the EU has the address there", () => {
    const eu = newReceiver({ ...TYPED, kind: "pagerduty", region: "eu" });
    expect(eu["url"]).toBe("https://events.eu.pagerduty.com/v2/enqueue");
  });
});

describe("a receiver that is changed", () => {
  const pager = receiver({ kind: "pagerduty", url: "https://events.eu.pagerduty.com/…" });
  const mail = receiver({ kind: "email", url: "mailto:a@b.c,d@e.f" });

  test.each([
    ["a webhook", receiver({})],
    ["one at PagerDuty in the EU", pager],
    ["mail", mail],
  ])("%s stays as it is when nothing was typed", (_, one) => {
    expect(changesOf(one, draftOf(one))).toEqual({});
  });

  test.each([
    [receiver({}), { name: "on-call" }, { name: "on-call" }],
    [receiver({}), { url: "https://example.com/new" }, { url: "https://example.com/new" }],
    [pager, { region: "us" as const }, { url: "https://events.pagerduty.com/v2/enqueue" }],
    [pager, { routingKey: KEY }, { routingKey: KEY }],
    [mail, { to: "a@b.c" }, { to: ["a@b.c"] }],
  ])("%# sends what was typed", (one, typed, changes) => {
    expect(changesOf(one, { ...draftOf(one), ...typed })).toEqual(changes);
  });
});

describe("a request that is shown", () => {
  test("has its address in the first line, below it the headers", () => {
    const request = { method: "POST" as const, headers: { "user-agent": "tailfill", "webhook-id": "1" }, body: "{}" };
    expect(requestHead(request, "https://example.com/…")).toBe(
      "POST https://example.com/…\nuser-agent: tailfill\nwebhook-id: 1",
    );
    expect(requestHead({ ...request, method: "SMTP", headers: {} }, "mailto:a@b.c")).toBe("SMTP a@b.c");
    expect(requestHead({ ...request, headers: {} }, null)).toBe("POST");
  });

  test("hides nothing, and keeps its lines and blanks", () => {
    expect(shownLines("a\r\n  b\u202ec\n\n")).toBe("a\n  b\\u{202E}c\n\n");
  });

  test("has its JSON in lines, and text as it is", () => {
    expect(readableBody('{"a":1}')).toBe('{\n  "a": 1\n}');
    expect(readableBody("Firing: x\n")).toBe("Firing: x\n");
  });
});
