import { expect, test } from "vitest";
import { dropMs, forecast, type KeptTable, rateOf, sizeAt } from "@/lib/query/storage-forecast";

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 22, 12);
const MIDNIGHT = Date.UTC(2026, 10, 22);

/** Days of so many bytes; the last is today's, and is half over. */
function days(bytes: readonly number[], changes: Partial<KeptTable> = {}): KeptTable {
  const first = MIDNIGHT - (bytes.length - 1) * DAY;
  const partitions = bytes.map((size, place) => ({
    fromMs: first + place * DAY,
    toMs: first + (place + 1) * DAY,
    bytes: size,
  }));
  return { by: "day", dropAfterMs: 3 * DAY, partitions, oldestMs: first, ...changes };
}

test.each<[string, KeptTable, { bytesPerDay: number; days: number } | null]>([
  ["nothing", days([0], { oldestMs: null }), null],
  ["a few minutes", days([100], { oldestMs: NOW - 10 * 60_000 }), null],
  ["only today: what came so far", days([100], { oldestMs: NOW - DAY / 4 }), { bytesPerDay: 400, days: 0.25 }],
  ["whole days of the past", days([10, 20, 30, 5]), { bytesPerDay: 20, days: 3 }],
  [
    "a first day that began late does not count",
    days([1, 20, 30, 5], { oldestMs: MIDNIGHT - 2.5 * DAY }),
    { bytesPerDay: 25, days: 2 },
  ],
  ["the last seven", days([900, 1, 1, 1, 1, 1, 1, 1, 5]), { bytesPerDay: 1, days: 7 }],
])("the rate of %s", (_, table, expected) => {
  expect(rateOf(table, NOW)).toEqual(expected);
});

test("a month tells its rate by the days of it that have passed", () => {
  const partitions = [{ fromMs: Date.UTC(2026, 10, 1), toMs: Date.UTC(2026, 11, 1), bytes: 2_150 }];
  const month: KeptTable = { by: "month", dropAfterMs: 400 * DAY, partitions, oldestMs: Date.UTC(2026, 10, 1) };
  expect(rateOf(month, NOW)).toEqual({ bytesPerDay: 100, days: 21.5 });
  expect(dropMs(month, partitions[0]!)).toBe(Date.UTC(2026, 11, 1) + 400 * DAY);
});

test("a table grows by its rate, and loses each partition when its time is over", () => {
  const table = days([100, 100, 100, 50]); // three whole days, and half of today
  const rate = rateOf(table, NOW);
  const size = (atMs: number) => sizeAt(table, rate, { nowMs: NOW, atMs });
  expect(size(NOW)).toBe(350);
  expect(size(MIDNIGHT + DAY)).toBe(300); // the first goes three days after its end: now
  expect(size(MIDNIGHT + DAY - 1)).toBeCloseTo(400, 4);
  // From then on: three days that wait to be dropped, and the current one.
  for (let day = 5; day < 40; day++) expect(size(MIDNIGHT + day * DAY + DAY / 2)).toBeCloseTo(350, 6);
});

test("a table that is not written any more only shrinks", () => {
  const table = days([100, 100, 0], { oldestMs: null });
  expect(sizeAt(table, null, { nowMs: NOW, atMs: NOW + 30 * DAY })).toBe(0);
});

test("everything together is full when the longest kept is, and the disk when there is no more room", () => {
  const short = days([100, 100, 100, 50]);
  const long = days([10, 10, 10, 5], { dropAfterMs: 100 * DAY });
  const place = { nowMs: NOW, restBytes: 1_000, roomBytes: null };
  const all = forecast([short, long], place);
  expect(all.tableBytes[1]).toBeGreaterThan(1_000);
  expect(all.tableBytes[1]).toBeLessThanOrEqual(1_010);
  expect(all.fullBytes).toBeGreaterThan(1_000 + 350 + 1_000);
  expect((all.fullMs - NOW) / DAY).toBeGreaterThan(90);
  expect((all.fullMs - NOW) / DAY).toBeLessThan(105);
  expect(all.diskFullMs).toBeNull();
  const soon = forecast([short, long], { ...place, roomBytes: 300 });
  expect((soon.diskFullMs! - NOW) / DAY).toBeGreaterThan(20);
  expect((soon.diskFullMs! - NOW) / DAY).toBeLessThan(35);
  expect(forecast([short, long], { ...place, roomBytes: 1e9 }).diskFullMs).toBeNull();
  expect(forecast([short, long], { ...place, roomBytes: -1 }).diskFullMs).toBe(NOW + DAY);
});

test("a partition whose time is over and that is still there counts until then", () => {
  const late = days([500, ...Array.from({ length: 9 }, () => 100), 50], { dropAfterMs: 3 * DAY });
  const found = forecast([late], { nowMs: NOW, restBytes: 0, roomBytes: null });
  expect(found.fullBytes).toBe(500 + 950);
});
