import { describe, expect, test } from "vitest";
import { fitted, MOST_BYTES } from "@/lib/alerts/delivery/fit";
import { textOf } from "@/lib/alerts/delivery/sentences";
import { bodyOf, type HttpKind } from "@/lib/alerts/delivery/shapes";
import { told } from "./told.ts";

const shape = (kind: HttpKind, ...event: Parameters<typeof told>) =>
  JSON.parse(bodyOf(kind, told(...event), "R0UT1NGKEY")) as Record<string, never>;

describe("names that would do something", () => {
  const user = "[log in](https://evil.example) `x` **y**";

  test("Discord and Teams: a link in a name is none", () => {
    for (const kind of ["discord", "teams"] as const) {
      const text = JSON.stringify(shape(kind, "incident.opened", { user }));
      expect(text).toContain("log in");
      expect(text).not.toMatch(/(?<!\\)\[log in(?<!\\)\]/);
    }
  });

  test("a name of pictures is cut between them", () => {
    const { incident } = told().data;
    for (let length = 140; length < 150; length++) {
      const rule = "x".repeat(length) + "🐌".repeat(60);
      const body = bodyOf("slack", told("incident.opened", { incident: { ...incident, rule } }));
      expect(body).not.toMatch(/\\ud[89ab]/i);
      expect(body).toContain("🐌…");
    }
  });
});

describe("what was seen, in words", () => {
  const seen = (observed: Record<string, number | null>) => textOf(told("incident.opened", { observed })).text;
  test.each([
    [{ percentile: 99, valueUs: null, thresholdUs: 500_000, count: 0 }, "Seen: no requests\n"],
    [{ valueCount: 0, thresholdCount: 0, count: 0 }, "Seen: 0 requests, threshold 0 requests\n"],
    [{ valueShare: 0.95, thresholdShare: 0.9, count: 0 }, "Seen: 95 %, threshold 90 %\n"],
    [{ valueUsers: 5, thresholdUsers: 1, count: 0 }, "Seen: 5 users, threshold 1 user\n"],
    [{ valueQueries: 2, thresholdQueries: 1, count: 0 }, "Seen: 2 queries, threshold 1 query\n"],
    [{ valueQueries: null, thresholdQueries: 1, count: 0 }, "Seen: nothing told by a query guard\n"],
    [{ valueShare: 0.5, thresholdShare: 0.1, count: 40 }, "Seen: 50 %, threshold 10 %, of 40 requests\n"],
  ] as [Record<string, number | null>, string][])("%j", (observed, words) => {
    expect(seen({ windowSeconds: 300, ...observed })).toContain(words);
  });
});

describe("one event in every form", () => {
  test("webhook: as it is", () => {
    expect(shape("webhook")).toEqual(told());
  });

  test("Slack: blocks, and names that are no marks", () => {
    const body = shape("slack", "incident.opened", { user: "<!channel> & co", note: "call <@U1>" });
    const text = JSON.stringify(body);
    expect(body).toMatchObject({
      text: "Firing: count is slow",
      blocks: [{ type: "header" }, { type: "section" }, {}, {}],
    });
    expect(text).toContain("&lt;!channel&gt; &amp; co");
    expect(text).not.toMatch(/<[!@]/);
    expect(text).toContain("p99 901.1 ms, threshold 500 ms, of 2900 requests");
  });

  test("Discord: an embed, and nobody is mentioned", () => {
    const body = shape("discord", "incident.resolved");
    expect(body).toMatchObject({
      embeds: [{ title: "Resolved: count is slow", color: 0x2f9e58, url: told().data.url }],
      allowed_mentions: { parse: [] },
    });
  });

  test("Teams: an adaptive card in a message", () => {
    expect(shape("teams")).toMatchObject({
      type: "message",
      attachments: [
        {
          contentType: "application/vnd.microsoft.card.adaptive",
          content: {
            type: "AdaptiveCard",
            version: "1.4",
            actions: [{ type: "Action.OpenUrl", url: told().data.url }],
          },
        },
      ],
    });
  });

  test.each([
    ["incident.opened", "trigger"],
    ["incident.updated", "trigger"],
    ["incident.repeated", "trigger"],
    ["incident.acknowledged", "acknowledge"],
    ["incident.resolved", "resolve"],
  ] as const)("PagerDuty: %s is %s of the same incident", (type, action) => {
    expect(shape("pagerduty", type)).toMatchObject({
      routing_key: "R0UT1NGKEY",
      event_action: action,
      dedup_key: told().data.incident.id,
      payload: { summary: expect.any(String), source: "shop", severity: "critical" },
    });
  });

  test("e-mail: a subject of one line, and a text", () => {
    const incident = { ...told().data.incident, rule: "slow\r\nBcc: all@example.com" };
    const { subject, text } = textOf(told("incident.opened", { incident, note: "Look at the cache." }));
    expect(subject).toBe("[tailfill] Firing: slow Bcc: all@example.com");
    expect(text).toContain("Endpoint: GET /users/:id/comments");
    expect(text).toContain("Users in the tail: u_1842 (22 %)");
    expect(text).toContain("Look at the cache.");
  });

  test.each([
    [{ valueShare: 0.0312, thresholdShare: 0.02, count: 40 }, "3.12 %, threshold 2 %, of 40 requests"],
    [{ valueBurnRate: 18.2, thresholdBurnRate: 14.4 }, "18.2 × the budget, threshold 14.4 × the budget"],
    [{ valueUsers: 3, thresholdUsers: 1 }, "3 users, threshold 1 user"],
  ])("what was seen is told in words: %j", (observed, words) => {
    expect(textOf(told("incident.opened", { observed: observed as never })).text).toContain(`Seen: ${words}`);
  });
});

describe("what a query guard stopped", () => {
  const one = {
    at: "2026-11-22T11:59:50.000Z",
    action: "cancel",
    endpoint: "GET /report",
    statementId: "00000000000000aa",
    statement: "select count(?) from <comment>",
    ageMs: 21_274,
  } as const;
  const url = "https://tailfill.example/queries/stopped?service=shop&environment=production";
  const stopped = { queries: [one, { ...one, endpoint: null, action: "terminate" as const }], url };
  const kinds = ["slack", "discord", "teams", "pagerduty"] as const;

  test.each(kinds)("%s: which statement it was, where from, and the way to the page", (kind) => {
    const text = JSON.stringify(shape(kind, "incident.opened", { stopped }));
    expect(text).toMatch(/GET \/report: select count/);
    expect(text).toContain("cancelled after 21.3 s");
    expect(text).toContain("Open the stopped queries");
    expect(text).toContain(url);
  });

  test("e-mail: the last, those before it, and the way to the page", () => {
    const { text } = textOf(told("incident.opened", { stopped }));
    expect(text).toContain("\nStopped: GET /report: select count(?) from <comment> (cancelled after 21.3 s)\n");
    expect(text).toContain("\nStopped before: no endpoint: select count(?) from <comment> (connection closed");
    expect(text).toContain(`\nOpen the stopped queries: ${url}\n`);
  });

  test("an address that services refuse is left out, and the rest is told", () => {
    const long = { ...stopped, url: `${url}${"x".repeat(1_000)}` };
    const { text } = textOf(told("incident.opened", { stopped: long }));
    expect([text.includes("Stopped: GET /report"), text.includes("xxx")]).toEqual([true, false]);
  });

  test("an event of a version that did not know of it is told in every form", () => {
    const { stopped: _, ...data } = told().data;
    for (const kind of ["webhook", ...kinds] as const)
      expect(bodyOf(kind, { ...told(), data }, "")).not.toContain("topped");
  });

  test("of names that are too long, fewer queries are told", () => {
    const long = { ...one, endpoint: "\u{1F40C}".repeat(1_000) };
    const body = bodyOf("webhook", told("incident.opened", { stopped: { url, queries: Array(5).fill(long) as [] } }));
    expect(Buffer.byteLength(body)).toBeLessThan(MOST_BYTES);
    const { data } = JSON.parse(body) as { data: { stopped: { queries: object[]; url: string } } };
    expect(data.stopped.queries.length).toBeGreaterThan(2);
    expect(data.stopped.queries.length).toBeLessThan(5);
    expect(data.stopped.url).toBe(url);
  });
});

describe("below 20 kB", () => {
  const long = "x".repeat(1_500);
  const endpoint = { method: "GET", route: `/${long}` };
  const member = { ...told().data.members[0]!, endpoint };
  const members = Array.from({ length: 20 }, () => member);
  const size = (body: string) => Buffer.byteLength(body);

  test("members are cut first, and only as many as it takes", () => {
    const { data } = fitted(told("incident.opened", { members }));
    expect(data.members.length).toBeGreaterThan(8);
    expect(data.members.length).toBeLessThan(20);
    expect(data.users).toHaveLength(1);
    expect(data.counts.firing).toBe(1);
  });

  test("what is short stays as it is", () => expect(fitted(told())).toEqual(told()));

  test.each(["webhook", "slack", "discord", "teams", "pagerduty"] as const)("%s, whatever the names are", (kind) => {
    const users = Array.from({ length: 5 }, () => ({ user: "ü".repeat(1_000), tailShare: 0.2 }));
    const event = told("incident.opened", { members, users, endpoint, note: "n".repeat(30_000), user: long });
    expect(size(bodyOf(kind, event))).toBeLessThan(MOST_BYTES);
  });
});
