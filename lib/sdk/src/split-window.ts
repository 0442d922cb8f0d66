import {
  addPayload,
  ByteWriter,
  type Counts,
  countOf,
  newCounts,
  type Payload,
  type SeriesStore,
} from "../../histogram/index.ts";
import type { RecordedEndpoint, RecordedWindow } from "../../wire/index.ts";

/** Two windows that add up to this one, of about as many series each; null when there is nothing to divide. */
export function halves(window: RecordedWindow): [RecordedWindow, RecordedWindow] | null {
  const half = seriesIn(window.endpoints) / 2;
  const first: RecordedEndpoint[] = [];
  const second: RecordedEndpoint[] = [];
  let room = half;
  for (const endpoint of window.endpoints) {
    const size = seriesOf(endpoint);
    if (room >= size) first.push(endpoint);
    else if (room < 1) second.push(endpoint);
    else {
      const [before, after] = divide(endpoint, Math.floor(room) - 1, window.series);
      first.push(before);
      if (after) second.push(after);
    }
    room -= size;
  }
  return second.length === 0 || first.length === 0 ? null : [part(window, first), part(window, second)];
}

/**
 * The endpoint with its first `count` users, and with the others. Each gets the requests of its own users, so that it is
 * whole in itself: the server does not believe a batch whose users have more requests than their endpoint.
 */
function divide(
  endpoint: RecordedEndpoint,
  count: number,
  series: SeriesStore,
): [RecordedEndpoint, RecordedEndpoint | null] {
  const users = [...endpoint.users];
  const first = users.slice(0, Math.max(0, count));
  const rest = users.slice(first.length);
  if (rest.length === 0) return [endpoint, null];
  const wanted = newCounts();
  for (const [, number] of rest) addPayload(wanted, payloadOf(series, number));
  const outcomes = endpoint.outcomes.map((number) => (number < 0 ? [-1, -1] : shared(series, number, wanted)));
  return [
    { ...endpoint, outcomes: outcomes.map(([, left]) => left!), users: new Map(first) },
    { ...endpoint, outcomes: outcomes.map(([taken]) => taken!), users: new Map(rest) },
  ];
}

/** Two series that add up to one: as much of what is wanted as it has, which is then wanted no more, and what is left. */
function shared(series: SeriesStore, number: number, wanted: Counts): [taken: number, left: number] {
  const counts = newCounts();
  addPayload(counts, payloadOf(series, number));
  const taken = new Uint32Array(counts.length);
  for (let bucket = 0; bucket < counts.length; bucket++) {
    taken[bucket] = Math.min(counts[bucket]!, wanted[bucket]!);
    wanted[bucket]! -= taken[bucket]!;
    counts[bucket]! -= taken[bucket]!;
  }
  return [series.addCounts(taken), series.addCounts(Uint32Array.from(counts))];
}

function part(window: RecordedWindow, endpoints: RecordedEndpoint[]): RecordedWindow {
  const { series, maxUs } = window;
  const recorded = endpoints.flatMap((endpoint) => endpoint.outcomes.filter((number) => number >= 0));
  const samples = recorded.reduce((sum, number) => sum + samplesOf(window, number), 0);
  return { series, maxUs, endpoints, samples, losses: new Map() };
}

function samplesOf({ series }: RecordedWindow, number: number): number {
  return countOf(payloadOf(series, number));
}

function payloadOf(series: SeriesStore, number: number): Payload {
  const payload = new ByteWriter();
  series.write(number, payload);
  return payload.written();
}

function seriesIn(endpoints: readonly RecordedEndpoint[]): number {
  return endpoints.reduce((sum, endpoint) => sum + seriesOf(endpoint), 0);
}

function seriesOf(endpoint: RecordedEndpoint): number {
  return endpoint.users.size + 1;
}
