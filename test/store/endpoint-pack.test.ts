import fc from "fast-check";
import { expect, test } from "vitest";
import { addUsed, encodePayload, newCounts } from "@/lib/histogram";
import { eachEndpointWindow, type EndpointWindow, packEndpoint, packKeptEndpoint } from "@/lib/store/endpoint-pack";

const window = fc.record({
  offset: fc.nat(59),
  outcome: fc.nat(3),
  payload: fc.uint8Array({ maxLength: 400 }),
});

function read(bytes: Uint8Array): EndpointWindow[] {
  const windows: EndpointWindow[] = [];
  eachEndpointWindow(bytes, (offset, outcome, at, start, end) =>
    windows.push({ offset, outcome, payload: at.slice(start, end) }),
  );
  return windows;
}

test("what is packed is read back, sorted by window and outcome", () => {
  fc.assert(
    fc.property(fc.array(window, { maxLength: 240 }), (windows) => {
      const sorted = [...windows].sort((a, b) => a.offset - b.offset || a.outcome - b.outcome);
      expect(read(packEndpoint([...windows]))).toEqual(sorted);
    }),
    { numRuns: 300 },
  );
});

test("a payload of several kilobytes keeps its length", () => {
  const payload = new Uint8Array(20_000).fill(7);
  expect(read(packEndpoint([{ offset: 3, outcome: 1, payload }]))).toEqual([{ offset: 3, outcome: 1, payload }]);
});

test("a row of an unknown form is refused, not misread", () => {
  const bytes = packEndpoint([]);
  bytes[0] = 9;
  expect(() => read(bytes)).toThrow("form 9");
});

test("a row that is kept has the same windows, offsets and outcomes, in fewer bytes", () => {
  const counts = newCounts();
  for (let index = 1_500; index < 1_700; index++) counts[index] = 30 + (index % 7);
  const payload = encodePayload(counts);
  const windows = [0, 7, 59].flatMap((offset) => [0, 3].map((outcome) => ({ offset, outcome, payload })));
  const kept = packKeptEndpoint([...windows]);
  expect(kept.length).toBeLessThan(packEndpoint([...windows]).length * 0.8);
  const found: unknown[] = [];
  eachEndpointWindow(kept, (offset, outcome, bytes, start, end) => {
    const used = { counts: newCounts(), low: counts.length, high: -1 };
    addUsed(used, { bytes, start, end });
    found.push([offset, outcome]);
    expect(used.counts).toEqual(counts);
  });
  expect(found).toEqual(windows.map(({ offset, outcome }) => [offset, outcome]));
});
