import { ByteWriter, countOf } from "../../histogram/index.ts";
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
      const [before, after] = divide(endpoint, Math.floor(room) - 1);
      first.push(before);
      if (after) second.push(after);
    }
    room -= size;
  }
  return second.length === 0 || first.length === 0 ? null : [part(window, first), part(window, second)];
}

/** The endpoint with its outcomes and its first `count` users, and the other users without outcomes. */
function divide(endpoint: RecordedEndpoint, count: number): [RecordedEndpoint, RecordedEndpoint | null] {
  const users = [...endpoint.users];
  const rest = users.slice(Math.max(0, count));
  const before = { ...endpoint, users: new Map(users.slice(0, Math.max(0, count))) };
  const after = { ...endpoint, outcomes: endpoint.outcomes.map(() => -1), users: new Map(rest) };
  return [before, rest.length === 0 ? null : after];
}

function part(window: RecordedWindow, endpoints: RecordedEndpoint[]): RecordedWindow {
  const { series, maxUs } = window;
  const recorded = endpoints.flatMap((endpoint) => endpoint.outcomes.filter((number) => number >= 0));
  const samples = recorded.reduce((sum, number) => sum + samplesOf(window, number), 0);
  return { series, maxUs, endpoints, samples, losses: new Map() };
}

function samplesOf({ series }: RecordedWindow, number: number): number {
  const payload = new ByteWriter();
  series.write(number, payload);
  return countOf(payload.written());
}

function seriesIn(endpoints: readonly RecordedEndpoint[]): number {
  return endpoints.reduce((sum, endpoint) => sum + seriesOf(endpoint), 0);
}

function seriesOf(endpoint: RecordedEndpoint): number {
  return endpoint.users.size + 1;
}
