import type { RequestReport } from "../../../wire/index.ts";

const HOUR_MS = 3_600_000;
/** Told of an endpoint in an hour, and endpoints of which any are. */
const MOST_OF_ENDPOINT = 5;
const MOST_ENDPOINTS = 200;

/** The slowest requests of each endpoint in the clock hour that goes on. */
export class SlowRequests {
  #hour = Number.NaN;
  /** Latencies of the slowest so far, highest first. */
  readonly #slowest = new Map<string, number[]>();
  #untold: RequestReport[] = [];
  /** Those of hours that are over. */
  #ended: RequestReport[] = [];

  /** A request is over; `describe` is asked only when it is one of them. */
  // oxlint-disable-next-line max-params -- called for every request: an object would be garbage each time
  add(endpoint: string, latencyUs: number, nowMs: number, describe: () => RequestReport): void {
    this.#turn(nowMs);
    const slowest = this.#slowest.get(endpoint) ?? this.#open(endpoint);
    if (slowest === undefined) return;
    if (slowest.length >= MOST_OF_ENDPOINT && latencyUs <= slowest.at(-1)!) return;
    slowest.push(latencyUs);
    slowest.sort((a, b) => b - a);
    if (slowest.length > MOST_OF_ENDPOINT) slowest.pop();
    this.#untold.push(describe());
  }

  /** Those that were not told yet, without any that slower ones have come after. */
  take(): RequestReport[] {
    this.#settle();
    const ended = this.#ended;
    this.#ended = [];
    return ended;
  }

  #settle(): void {
    for (const request of this.#untold)
      if (request.latencyUs >= this.#slowest.get(request.endpoint)!.at(-1)!) this.#ended.push(request);
    this.#untold = [];
  }

  #turn(nowMs: number): void {
    const hour = Math.floor(nowMs / HOUR_MS);
    if (hour === this.#hour) return;
    this.#settle();
    this.#hour = hour;
    this.#slowest.clear();
  }

  #open(endpoint: string): number[] | undefined {
    if (this.#slowest.size >= MOST_ENDPOINTS) return undefined;
    const slowest: number[] = [];
    this.#slowest.set(endpoint, slowest);
    return slowest;
  }
}
