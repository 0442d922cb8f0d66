import { describe, expect, test } from "vitest";
import { leftText } from "@/components/alerts/left-text";
import {
  maintenanceChanges,
  maintenanceDraftOf,
  newMaintenance,
  newMaintenanceDraft,
} from "@/components/alerts/silences/maintenance-draft";
import {
  matcherOf,
  newSilence,
  newSilenceDraft,
  patternsOf,
  silenceChanges,
  silenceDraftOf,
  type Maintenance,
  type Silence,
} from "@/components/alerts/silences/mute-draft";
import { endingOf, maintenanceInOrder, nextTime, silencesInOrder } from "@/components/alerts/silences/mute-times";

const NOON = Date.parse("2026-11-22T12:00:00Z");
const HOUR = 3_600_000;
const ZONE = "Europe/Berlin"; // an hour ahead
const iso = (hours: number) => new Date(NOON + hours * HOUR).toISOString();
const silence = (changes: Partial<Silence> = {}): Silence => ({
  id: "s",
  matcher: { endpoint: "GET /feed*" },
  reason: "a release",
  from: iso(-1),
  to: iso(1),
  state: "on",
  createdAt: iso(-1),
  createdBy: null,
  ...changes,
});
const window = (changes: Partial<Maintenance> = {}): Maintenance => ({
  id: "m",
  name: "import",
  matcher: { service: "shop" },
  from: iso(-24 * 3),
  to: iso(-24 * 3 + 2),
  repeats: "daily",
  until: null,
  isOn: false,
  createdAt: iso(-100),
  createdBy: null,
  ...changes,
});

describe("patterns", () => {
  test("that are left empty are not sent", () => {
    const patterns = { ...patternsOf({ rule: "checkout *" }), user: "  ", service: " shop " };
    expect(matcherOf(patterns)).toEqual({ rule: "checkout *", service: "shop" });
  });
});

describe("a silence", () => {
  const when = { nowMs: NOON, zone: ZONE };
  const draft = { ...newSilenceDraft({ rule: "*" }, when), reason: "a release" };

  test.each([
    ["1h", 1],
    ["4h", 4],
    ["1d", 24],
  ] as const)("for %s begins when the server has it, and ends so much later", (length, hours) => {
    expect(newSilence({ ...draft, length }, when)).toEqual({
      matcher: { rule: "*" },
      reason: "a release",
      to: iso(hours),
    });
  });

  test("until a time takes it in the reader's clock", () => {
    const until = { ...draft, length: "until" as const, to: "2026-11-22T15:00" };
    expect(newSilence(until, when)).toMatchObject({ to: iso(2) });
    expect(newSilence({ ...until, from: "2026-11-22T14:00" }, when)).toMatchObject({ from: iso(1), to: iso(2) });
  });

  test("a time that is not filled in is the server's to refuse", () => {
    expect(newSilence({ ...draft, length: "until", to: "" }, when)).toMatchObject({ to: "" });
  });

  test("that is changed keeps times that were not touched, to the second", () => {
    const one = silence({ from: "2026-11-22T11:00:31.500Z" });
    const changed = silenceChanges(
      one,
      { ...silenceDraftOf(one, ZONE), reason: "longer", to: "2026-11-22T16:00" },
      ZONE,
    );
    expect(changed).toEqual({ matcher: one.matcher, reason: "longer", to: iso(3) });
  });

  test("ends now; one that is not a minute old is removed", () => {
    expect(endingOf(silence(), NOON)).toEqual({
      method: "PATCH",
      path: "/api/v1/alerts/silences/s",
      body: { to: iso(0) },
    });
    const young = silence({ from: new Date(NOON - 59_999).toISOString() });
    expect(endingOf(young, NOON)).toEqual({ method: "DELETE", path: "/api/v1/alerts/silences/s" });
    expect(endingOf(young, NOON + 1).method).toBe("PATCH");
  });

  test("that is on comes before those that are planned; those that are over come last", () => {
    const all = [
      silence({ id: "over", state: "over", to: iso(-5) }),
      silence({ id: "tomorrow", state: "waiting", from: iso(24) }),
      silence({ id: "soon", state: "waiting", from: iso(2) }),
      silence({ id: "long", to: iso(9) }),
      silence({ id: "short", to: iso(3) }),
      silence({ id: "just over", state: "over", to: iso(-1) }),
    ];
    const { current, over } = silencesInOrder(all);
    expect(current.map(({ id }) => id)).toEqual(["short", "long", "soon", "tomorrow"]);
    expect(over.map(({ id }) => id)).toEqual(["just over", "over"]);
  });
});

describe("maintenance", () => {
  const at = (hours: number | null) =>
    hours === null ? null : { fromMs: NOON + hours * HOUR, toMs: NOON + (hours + 2) * HOUR };

  test.each([
    ["every day, which begins now", {}, 0],
    ["every day, which began an hour ago", { from: iso(-25), to: iso(-23) }, -1],
    ["every day, which ended an hour ago", { from: iso(-27), to: iso(-25) }, 21],
    ["every day, for the first time in an hour", { from: iso(1), to: iso(3) }, 1],
    ["every week", { repeats: "weekly" as const, from: iso(-24 * 7 + 5), to: iso(-24 * 7 + 7) }, 5],
    ["once, to come", { repeats: "once" as const, from: iso(1), to: iso(3) }, 1],
    ["once, over", { repeats: "once" as const, from: iso(-3), to: iso(-1) }, null],
    ["every day, no more after yesterday", { until: iso(-24) }, null],
    ["every day, the last time today", { from: iso(-26), to: iso(-24), until: iso(-2) }, null],
    ["every day, until noon", { until: iso(0) }, 0],
  ])("%s", (_, changes, hours) => {
    expect(nextTime(window(changes), NOON)).toEqual(at(hours));
  });

  test("that is on comes first, then what begins next, then what is over", () => {
    const over = window({ id: "over", until: iso(-24) });
    const on = window({ id: "on", isOn: true });
    const soon = window({ id: "soon", from: iso(1), to: iso(2) });
    const later = window({ id: "later", from: iso(2), to: iso(3) });
    expect(maintenanceInOrder([over, later, soon, on], NOON).map(({ id }) => id)).toEqual([
      "on",
      "soon",
      "later",
      "over",
    ]);
  });

  test("is proposed for the next full hour of the reader's clock", () => {
    const draft = newMaintenanceDraft({ nowMs: NOON + 1, zone: ZONE });
    expect([draft.from, draft.to]).toEqual(["2026-11-22T14:00", "2026-11-22T15:00"]);
    expect(newMaintenance({ ...draft, name: "import" }, ZONE)).toMatchObject({ from: iso(1), to: iso(2), until: null });
  });

  test("that is changed sends what differs", () => {
    const one = window();
    const draft = maintenanceDraftOf(one, ZONE);
    expect(maintenanceChanges(one, draft, ZONE)).toEqual({});
    expect(maintenanceChanges(one, { ...draft, repeats: "weekly" }, ZONE)).toEqual({ repeats: "weekly" });
    const ended = maintenanceChanges(one, { ...draft, until: "2026-11-23T13:00" }, ZONE);
    expect(ended).toEqual({ until: iso(24) });
  });
});

test.each([
  [-5_000, "0 s"],
  [4_400, "4 s"],
  [59_999, "59 s"],
  [90_000, "1 min 30 s"],
  [2 * HOUR, "2 h 00 min"],
  [51 * HOUR, "2 d 3 h"],
])("%d ms are left: %s", (ms, text) => expect(leftText(ms).replaceAll("\u00a0", " ")).toBe(text));
