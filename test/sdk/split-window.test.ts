import { expect, it } from "vitest";
import { countOf, sumPayloads, type Payload } from "@/lib/histogram";
import { Recorder } from "@/lib/sdk/src/recorder/recorder";
import { halves } from "@/lib/sdk/src/split-window";
import {
  type Batch,
  checkWholeBatch,
  decodeBatch,
  encodeBatchInSlices,
  OUTCOMES,
  type RecordedWindow,
} from "@/lib/wire";

const SOURCE = {
  batch: "0193a5c8-6f00-7c3e-9b55-2f6f1c0d9a11",
  service: "shop",
  environment: "production",
  instance: "web-1",
  window: { startMs: 1_795_341_600_000, seconds: 10 },
};

/** A window with users of every kind: many, few, capped, none; also what is no request. */
function recorded(): RecordedWindow {
  const recorder = new Recorder({ userSeries: 400, endpoints: 12 });
  for (let at = 0; at < 20_000; at++) {
    const method = at % 11 === 0 ? "(cache)" : "GET";
    const user = at % 7 === 0 ? undefined : `user ${(at * 7919) % (at % 3 === 0 ? 900 : 3)}`;
    const part = ([undefined, "hit", "miss"] as const)[at % 3];
    recorder.record(method, `/route/${at % 13}`, OUTCOMES[at % 4]!, (at * 104_729) % 3_000_000, user, part);
  }
  return recorder.swap();
}

function encoded(window: RecordedWindow): Uint8Array {
  const work = encodeBatchInSlices(window, SOURCE);
  let step = work.next();
  while (!step.done) step = work.next();
  return step.value;
}

/** Divides again and again, until nothing is left to divide or the pieces are small. */
function pieces(window: RecordedWindow, depth: number): RecordedWindow[] {
  const parts = depth === 0 ? null : halves(window);
  return parts === null ? [window] : parts.flatMap((part) => pieces(part, depth - 1));
}

/** Everything in some batches, added up by name. */
function summed(batches: readonly Batch[]): Map<string, string> {
  const parts = new Map<string, Payload[]>();
  const add = (name: string, payload: Payload) => parts.set(name, [...(parts.get(name) ?? []), payload]);
  for (const { endpoints } of batches)
    for (const { method, route, outcomes, users } of endpoints) {
      for (const [outcome, payload] of Object.entries(outcomes)) add(`${method} ${route} ${outcome}`, payload);
      for (const { id, latency, hit, miss } of users) {
        add(`${method} ${route} user ${id}`, latency);
        if (hit) add(`${method} ${route} hits of ${id}`, hit);
        if (miss) add(`${method} ${route} misses of ${id}`, miss);
      }
    }
  const sums = [...parts].map(([name, payloads]): [string, string] => {
    const sum = sumPayloads(payloads.map((bytes) => ({ bytes, start: 0, end: bytes.length })));
    return [name, Buffer.from(sum).toString("hex")];
  });
  return new Map(sums.filter(([, hex]) => hex !== ""));
}

it.each([1, 2, 5, 9])(
  "a window divided %i times is as many batches that are whole in themselves, and adds up",
  (depth) => {
    const window = recorded();
    const whole = decodeBatch(encoded(window));
    expect(whole.rejected).toEqual([]);
    const windows = pieces(window, depth);
    expect(windows.length).toBeGreaterThan(depth);
    const decoded = windows.map((piece) => {
      const bytes = encoded(piece);
      expect(checkWholeBatch(bytes)).not.toBeNull();
      return decodeBatch(bytes);
    });
    expect(decoded.flatMap(({ rejected }) => rejected)).toEqual([]);
    expect(summed(decoded.map(({ batch }) => batch))).toEqual(summed([whole.batch]));
    expect(windows.map((piece) => piece.samples)).toEqual(
      decoded.map(({ batch }) =>
        batch.endpoints.flatMap(({ outcomes }) => Object.values(outcomes)).reduce((sum, one) => sum + countOf(one), 0),
      ),
    );
    expect(windows.reduce((sum, { samples }) => sum + samples, 0)).toBe(window.samples);
  },
);
