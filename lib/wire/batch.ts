import type { Payload, SeriesStore } from "../histogram/index.ts";
import type { Outcome } from "./names.ts";

/** One user's requests to an endpoint in the window; `hit` and `miss` are those parts that used a cache. */
export interface UserSeries {
  id: string;
  latency: Payload;
  hit?: Payload;
  miss?: Payload;
}

/** An endpoint's requests in the window. A request without a user is in `outcomes` alone. */
export interface EndpointSeries {
  method: string;
  route: string;
  outcomes: Partial<Record<Outcome, Payload>>;
  users: UserSeries[];
}

export interface BatchWindow {
  startMs: number;
  seconds: number;
}

/** Who sends, and for which window. */
export interface BatchSource {
  /** A UUID, in lower case. */
  batch: string;
  service: string;
  environment: string;
  instance: string;
  release?: string;
  window: BatchWindow;
}

/** What one instance recorded in one window, sent under one id and counted once. */
export interface Batch extends BatchSource {
  endpoints: EndpointSeries[];
  /** Samples by loss reason. */
  losses: Map<string, number>;
}

/** A part of a batch that was not kept, and why. The rest was. */
export interface Rejection {
  /** As in the JSON form: `endpoints[3].users[0].latency`. */
  path: string;
  reason: string;
}

/** How much was not kept. A part whose requests cannot be counted, because it cannot be read, is an entry. */
export interface Unkept {
  requests: number;
  entries: number;
}

export interface DecodedBatch {
  batch: Batch;
  rejected: Rejection[];
  unkept: Unkept;
  /** Whether the bytes decode to this very batch also without any check: the whole of it was kept, with its names. */
  asSent: boolean;
}

/** What the recorder hands over at the end of a window. It does not change any more. */
export interface RecordedWindow {
  /** Samples in the window, whatever their endpoint. */
  readonly samples: number;
  /** The longest latency of the window, in microseconds, not rounded to a bucket; 0 without samples. */
  readonly maxUs: number;
  readonly endpoints: readonly RecordedEndpoint[];
  /** Samples by loss reason, of this window's recording. */
  readonly losses: ReadonlyMap<string, number>;
  /** Holds the series that the numbers below stand for. */
  readonly series: SeriesStore;
}

export interface RecordedEndpoint {
  readonly method: string;
  readonly route: string;
  /** The number of the series by outcome, in the order of `OUTCOMES`; −1 where there was none. */
  readonly outcomes: readonly number[];
  /** The number of the series by user. */
  readonly users: ReadonlyMap<string, number>;
  /** By the number of a user's series: that of its hits, and that of its misses. Undefined when there was none. */
  readonly hits?: ReadonlyMap<number, number> | undefined;
  readonly misses?: ReadonlyMap<number, number> | undefined;
}

/** The header of a batch that the SDK makes. `losses`, when given, is sent in place of the window's own. */
export interface BatchHeader extends BatchSource {
  losses?: ReadonlyMap<string, number>;
}
