import fc from "fast-check";
import { expect, test } from "vitest";
import { eachEndpointWindow, type EndpointWindow, packEndpoint } from "@/lib/store/endpoint-pack";

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
