import fc from "fast-check";
import { expect, test } from "vitest";
import { p95, qError } from "@/lib/sdk/src/counts/q-error";
import { Shape, Shapes } from "@/lib/sdk/src/counts/shapes";

const DAY = 86_400_000;
const rows = fc.integer({ min: 0, max: 1e12 });

test("the factor between estimate and truth, whichever is more", () => {
  expect([qError(100, 250), qError(250, 100), qError(0, 0), qError(0, 8), qError(5, 5)]).toEqual([2.5, 2.5, 1, 8, 1]);
  fc.assert(
    fc.property(rows, rows, (one, other) => {
      const error = qError(one, other);
      expect(error).toBe(qError(other, one));
      expect(Math.max(1, other)).toBeLessThanOrEqual(Math.max(1, one) * error * (1 + 1e-12));
    }),
  );
});

test("the 95th percentile is the least value that 95 of 100 do not exceed", () => {
  expect(p95([])).toBeNull();
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 1, maxLength: 60 }), (errors) => {
      const found = p95(errors)!;
      const within = (most: number): number => errors.filter((each) => each <= most).length / errors.length;
      expect(errors).toContain(found);
      expect(within(found)).toBeGreaterThanOrEqual(0.95 - 1e-12);
      const less = errors.filter((each) => each < found);
      if (less.length > 0) expect(within(Math.max(...less))).toBeLessThan(0.95);
    }),
  );
});

test("of the last 40 comparisons, for a day", () => {
  const shape = new Shape();
  expect(shape.known(0)).toEqual({ checks: 0, qErrorP95: null });
  expect(shape.note(100, 1_000, 0)).toBe(10);
  expect(shape.known(DAY - 1)).toEqual({ checks: 1, qErrorP95: 10 });
  expect(shape.known(DAY)).toEqual({ checks: 0, qErrorP95: null });
  for (let n = 0; n < 39; n++) shape.note(100, 110, n);
  expect(shape.known(50)).toEqual({ checks: 40, qErrorP95: 1.1 });
  for (let n = 0; n < 3; n++) shape.note(100, 300, n);
  expect(shape.known(50)).toEqual({ checks: 40, qErrorP95: 3 });
  for (let n = 0; n < 1_000; n++) shape.note(100, 100, n);
  expect(shape.known(1_000)).toEqual({ checks: 40, qErrorP95: 1 });
});

test("the tenth estimate is checked, and then each hundredth; later where a check took too long", () => {
  const shape = new Shape();
  const due = (many: number, every: number): number[] =>
    Array.from({ length: many }, (_, n) => (shape.isDue(every, 10) ? n + 1 : 0)).filter((n) => n > 0);
  expect(due(320, 100)).toEqual([10, 110, 210, 310]);
  shape.putOff(100);
  expect(due(1_100, 100)).toEqual([1_000, 1_100]);
  expect(new Shape().isDue(0, 1)).toBe(false);
  expect(new Shape().isDue(1, 10)).toBe(true);
});

test("at most 500 shapes are kept of each size, and the rest is counted", () => {
  const shapes = new Shapes();
  for (let n = 0; n < 700; n++) shapes.of(`shape ${n}`, "large").note(1, 5, 0);
  expect(shapes.of("shape 7", "large").known(0).qErrorP95).toBe(5);
  expect(shapes.of("shape 7", "small").known(0).qErrorP95).toBeNull();
  expect(shapes.of("shape 699", "large").known(0).qErrorP95).toBeNull();
  expect(shapes.stats()).toEqual({ shapes: 501, unkept: 201 });
});
