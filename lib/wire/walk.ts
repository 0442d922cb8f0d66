import { checkPayload, DecodeError } from "../histogram/index.ts";
import type { Batch } from "./batch.ts";
import { HAS_HIT, HAS_MISS } from "./batch-writer.ts";
import { ColumnReader } from "./column-reader.ts";
import { readColumns, readHead } from "./decode.ts";
import { cleanName, LONGEST_NAME, MOST_ENDPOINTS, MOST_USER_SERIES, OUTCOMES } from "./names.ts";
import { WireError } from "./wire-error.ts";

/** The user ids of a batch as they lie in it: UTF-8 in `bytes`, id `n` from `ends[n − 1]` (or `start`) to `ends[n]`. */
export interface IdColumn {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly ends: Uint32Array;
}

/** What a walk tells, in the order of the batch. Payloads are given by where they lie in the batch's bytes. */
export interface BatchVisitor {
  endpoint(method: string, route: string): void;
  outcome(outcome: number, start: number, end: number): void;
  /** `id` is a number of the id column; `kind` 0 is latency, 1 hit, 2 miss. */
  user(id: number, kind: number, start: number, end: number): void;
}

/** A dense batch that is walked over and not built: no object a series, which is what a server has time for. */
export class WalkableBatch {
  readonly head: Omit<Batch, "endpoints">;
  readonly ids: IdColumn;
  private readonly columns: ColumnReader[];
  private expected = 0;

  /** @throws WireError when it is no batch */
  constructor(readonly bytes: Uint8Array) {
    this.columns = readColumns(bytes);
    this.head = readHead(this.columns[0]!, (name) => name);
    this.ids = readIds(this.columns[2]!, this.columns[3]!);
  }

  /** Visits everything in it, once. @throws WireError when its columns do not fit together */
  walk(visitor: BatchVisitor): void {
    const endpoints = this.columns[1]!;
    while (endpoints.left > 0) {
      visitor.endpoint(endpoints.string(), endpoints.string());
      const mask = endpoints.byte();
      const users = endpoints.varint();
      if (mask >= 1 << OUTCOMES.length || users > this.columns[5]!.left) throw new WireError("truncated");
      for (let outcome = 0; outcome < OUTCOMES.length; outcome++) {
        if (!(mask & (1 << outcome))) continue;
        const start = skip(this.columns[8]!, endpoints.varint());
        visitor.outcome(outcome, start, this.columns[8]!.at);
      }
      for (let user = 0; user < users; user++) this.walkUser(visitor);
    }
    if (this.columns.some((column) => column.left > 0)) throw new WireError("truncated");
  }

  private walkUser(visitor: BatchVisitor): void {
    const id = this.reference();
    const cache = this.columns[5]!.byte();
    const start = skip(this.columns[9]!, this.columns[6]!.varint());
    visitor.user(id, 0, start, this.columns[9]!.at);
    if (cache === 0) return;
    if (cache > (HAS_HIT | HAS_MISS)) throw new WireError("truncated");
    if (cache & HAS_HIT) this.walkCache(visitor, id, 1);
    if (cache & HAS_MISS) this.walkCache(visitor, id, 2);
  }

  private walkCache(visitor: BatchVisitor, id: number, kind: number): void {
    const start = skip(this.columns[10]!, this.columns[7]!.varint());
    visitor.user(id, kind, start, this.columns[10]!.at);
  }

  private reference(): number {
    const surprise = this.columns[4]!.varint();
    const id = this.expected + (surprise % 2 === 0 ? surprise / 2 : -(surprise + 1) / 2);
    if (!(id >= 0 && id < this.ids.ends.length)) throw new WireError("truncated");
    this.expected = id + 1;
    return id;
  }
}

/** Moves over the next `length` bytes of a column and returns where they begin. */
function skip(column: ColumnReader, length: number): number {
  const start = column.at;
  if (length > column.left) throw new WireError("truncated");
  column.at = start + length;
  return start;
}

function readIds(lengths: ColumnReader, text: ColumnReader): IdColumn {
  if (lengths.left > MOST_USER_SERIES * 3) throw new WireError("users");
  const ends = new Uint32Array(lengths.left);
  const start = text.at;
  let count = 0;
  while (lengths.left > 0) {
    skip(text, lengths.varint());
    ends[count++] = text.at;
  }
  return { bytes: text.bytes, start, ends: ends.subarray(0, count) };
}

/**
 * Looks through an UNTRUSTED dense batch without building it. Returns what it says of itself and how many histograms it
 * holds, when every byte of it is as the SDK would have written it; `null` when anything at all is not, be it only a name that is
 * too long or a user with more requests than the endpoint: `decodeBatch` then finds out what, and what can be kept.
 */
export function checkWholeBatch(bytes: Uint8Array): { head: Omit<Batch, "endpoints">; histograms: number } | null {
  try {
    const batch = new WalkableBatch(bytes);
    const check = new Check(bytes);
    batch.walk(check);
    return check.isGood && headIsClean(batch.head) && idsAreClean(batch.ids)
      ? { head: batch.head, histograms: check.histograms }
      : null;
  } catch (error) {
    if (error instanceof WireError || error instanceof DecodeError) return null;
    throw error;
  }
}

class Check implements BatchVisitor {
  histograms = 0;
  isGood = true;
  private endpoints = 0;
  private series = 0;
  /** Requests of the current endpoint that no user has been told of yet, and of the current user, no hit or miss. */
  private left = 0;
  private leftOfUser = 0;

  constructor(private readonly bytes: Uint8Array) {}

  endpoint(method: string, route: string): void {
    if (++this.endpoints > MOST_ENDPOINTS || !isClean(method) || !isClean(route)) this.isGood = false;
    this.left = 0;
  }

  outcome(_outcome: number, start: number, end: number): void {
    this.left += this.countOf(start, end);
  }

  user(_id: number, kind: number, start: number, end: number): void {
    const requests = this.countOf(start, end);
    if (kind !== 0) this.leftOfUser -= requests;
    else {
      this.left -= requests;
      this.leftOfUser = requests;
      if (++this.series > MOST_USER_SERIES) this.isGood = false;
    }
    if (this.left < 0 || this.leftOfUser < 0) this.isGood = false;
  }

  private countOf(start: number, end: number): number {
    this.histograms++;
    return checkPayload(this.bytes, start, end);
  }
}

const isClean = (name: string): boolean => name !== "" && !name.includes("\uFFFD") && cleanName(name) === name;

function headIsClean({ service, environment, instance, release }: Omit<Batch, "endpoints">): boolean {
  return [service, environment, instance, release ?? "-"].every(isClean);
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Most ids are a few letters and digits; the others are looked at as text. */
function idsAreClean({ bytes, start, ends }: IdColumn): boolean {
  let from = start;
  for (const end of ends) {
    if (end === from) return false;
    if (!isPlain(bytes, from, end) && !isClean(decoder.decode(bytes.subarray(from, end)))) return false;
    from = end;
  }
  return true;
}

function isPlain(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > LONGEST_NAME) return false;
  for (let at = start; at < end; at++) if (bytes[at]! > 127 || bytes[at] === 0) return false;
  return true;
}
