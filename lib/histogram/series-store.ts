import type { ByteWriter } from "./byte-writer.ts";
import { COUNTS_LENGTH } from "./layout.ts";
import { writeBucket, writePayload } from "./payload.ts";

/** Samples in a chunk: 16 bytes, one growth step of a series. */
const CHUNK = 8;
const CHUNK_SHIFT = 3;
/** From here on a series is a dense array of counts: 13 KiB, for at least 2 KiB of list. */
const DENSE_FROM = 1024;
/** The end of a chain of chunks. */
const NO_CHUNK = -1;

/**
 * Many recorded series in a few flat arrays. A series is a list of bucket indexes, in chunks of eight that are chained
 * backwards, until it is long enough for dense counts. Recording one sample writes two bytes and allocates nothing but
 * a chunk every eighth time.
 */
export class SeriesStore {
  /** How many series there are; they are numbered from 0. */
  size = 0;
  /** Samples by series. */
  private counts = new Uint32Array(64);
  /** The newest chunk by series. */
  private tails = new Int32Array(64);
  private chunks = new Uint16Array(256 * CHUNK);
  /** The chunk before each chunk of the same series. */
  private previous = new Int32Array(256);
  private chunksUsed = 0;
  private freeChunk = NO_CHUNK;
  private readonly dense = new Map<number, Uint32Array>();
  private readonly sorted = new Uint16Array(DENSE_FROM);

  /** Starts an empty series and returns its number. */
  add(): number {
    const series = this.size++;
    if (series === this.counts.length) {
      this.counts = grown(this.counts, new Uint32Array(series * 2));
      this.tails = grown(this.tails, new Int32Array(series * 2));
    }
    this.tails[series] = NO_CHUNK;
    return series;
  }

  /** Adds a sample in the bucket `index`. */
  record(series: number, index: number): void {
    const count = this.counts[series]!;
    this.counts[series] = count + 1;
    if (count >= DENSE_FROM) return this.recordDense(series, index);
    const slot = count & (CHUNK - 1);
    if (slot === 0) this.tails[series] = this.newChunk(this.tails[series]!);
    this.chunks[(this.tails[series]! << CHUNK_SHIFT) + slot] = index;
  }

  /** The number of samples of a series. */
  countOf(series: number): number {
    return this.counts[series]!;
  }

  /** Appends the payload of a series. */
  write(series: number, out: ByteWriter): void {
    const dense = this.dense.get(series);
    if (dense) return writePayload(out, dense);
    const sorted = this.sort(series);
    let next = 0;
    for (let at = 0; at < sorted.length;) {
      const index = sorted[at]!;
      const first = at;
      while (at < sorted.length && sorted[at] === index) at++;
      writeBucket(out, index - next, at - first);
      next = index + 1;
    }
  }

  private recordDense(series: number, index: number): void {
    const counts = this.dense.get(series) ?? this.turnDense(series);
    counts[index]!++;
  }

  private turnDense(series: number): Uint32Array {
    const counts = new Uint32Array(COUNTS_LENGTH);
    let chunk = this.tails[series]!;
    while (chunk !== NO_CHUNK) {
      const start = chunk << CHUNK_SHIFT;
      for (let at = start; at < start + CHUNK; at++) counts[this.chunks[at]!]!++;
      const before = this.previous[chunk]!;
      this.previous[chunk] = this.freeChunk;
      this.freeChunk = chunk;
      chunk = before;
    }
    this.dense.set(series, counts);
    return counts;
  }

  private newChunk(before: number): number {
    let chunk = this.freeChunk;
    if (chunk !== NO_CHUNK) this.freeChunk = this.previous[chunk]!;
    else {
      chunk = this.chunksUsed++;
      if (chunk === this.previous.length) this.growChunks();
    }
    this.previous[chunk] = before;
    return chunk;
  }

  private growChunks(): void {
    const chunks = Math.ceil(this.previous.length * 1.5);
    this.previous = grown(this.previous, new Int32Array(chunks));
    this.chunks = grown(this.chunks, new Uint16Array(chunks * CHUNK));
  }

  /** The bucket indexes of a series that is not dense, lowest first. Valid until the next call. */
  private sort(series: number): Uint16Array {
    const count = this.counts[series]!;
    let filled = 0;
    let chunk = this.tails[series]!;
    let inChunk = count & (CHUNK - 1) || CHUNK;
    while (chunk !== NO_CHUNK) {
      const start = chunk << CHUNK_SHIFT;
      for (let at = start; at < start + inChunk; at++) this.sorted[filled++] = this.chunks[at]!;
      inChunk = CHUNK;
      chunk = this.previous[chunk]!;
    }
    const list = this.sorted.subarray(0, filled);
    return filled <= 48 ? insertionSort(list) : list.sort();
  }
}

function grown<T extends { set(from: T): void }>(from: T, into: T): T {
  into.set(from);
  return into;
}

/** For a few numbers, several times faster than the built-in sort of typed arrays. */
function insertionSort(list: Uint16Array): Uint16Array {
  for (let at = 1; at < list.length; at++) {
    const value = list[at]!;
    let hole = at;
    while (hole > 0 && list[hole - 1]! > value) {
      list[hole] = list[hole - 1]!;
      hole--;
    }
    list[hole] = value;
  }
  return list;
}
