import { TailfillError } from "../errors.ts";
import { countOf } from "../histogram/index.ts";
import {
  type Batch,
  checkWholeBatch,
  decodeBatch,
  type DecodedBatch,
  isReserved,
  type LossReason,
  parseJsonBatch,
  type Rejection,
  type Unkept,
} from "../wire/index.ts";

/** What a body holds, once it is known to be a batch. */
export interface Shape {
  head: Omit<Batch, "endpoints">;
  /** Histograms that are kept. */
  histograms: number;
  rejected: Rejection[];
  unkept: Unkept;
  /** The batch itself, where it cannot be stored as it was sent. */
  batch: Batch | null;
}

/** Users are kept by the minute: whatever a longer window holds is told of a time at which it need not have been. */
const WIDE_SECONDS = 60;
const isWide = ({ window }: Shape["head"]): boolean => window.seconds > WIDE_SECONDS;

/** @throws WireError, and TailfillError `not_a_batch` for what is no JSON */
export function jsonShape(body: Uint8Array): Shape {
  return builtShape(parseJsonBatch(parseJson(body)));
}

/**
 * A batch of our own SDK passes the quick look; any other is built, to find what can be kept of it.
 * @throws WireError
 */
export function denseShape(body: Uint8Array): Shape {
  const whole = checkWholeBatch(body);
  if (whole === null || isWide(whole.head)) return builtShape(decodeBatch(body));
  return { ...whole, rejected: [], unkept: { requests: 0, entries: 0 }, batch: null };
}

export function builtShape({ batch, rejected, unkept }: DecodedBatch): Shape {
  return { head: batch, histograms: histogramsIn(batch), rejected, unkept, batch };
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw new TailfillError("not_a_batch", "The body is not JSON in UTF-8.");
  }
}

/** What of it is not kept, or not at its time, by reason. */
export function lossesOf({ head, unkept, batch }: Shape): Map<LossReason, number> {
  const losses: [LossReason, number][] = [
    ["rejected", unkept.requests],
    ["unreadable", unkept.entries],
    ["wide_window", batch !== null && isWide(head) ? requestsIn(batch) : 0],
  ];
  return new Map(losses.filter(([, count]) => count > 0));
}

function requestsIn({ endpoints }: Batch): number {
  return endpoints
    .filter(({ method }) => !isReserved(method))
    .flatMap(({ outcomes }) => Object.values(outcomes))
    .reduce((sum, payload) => sum + countOf(payload), 0);
}

function histogramsIn({ endpoints }: Batch): number {
  let count = 0;
  for (const { outcomes, users } of endpoints) {
    count += Object.keys(outcomes).length + users.length;
    for (const { hit, miss } of users) count += (hit ? 1 : 0) + (miss ? 1 : 0);
  }
  return count;
}
