import type { ByteWriter } from "./byte-writer.ts";
import { COUNTS_LENGTH } from "./layout.ts";
import { LONGEST_BUCKET, writePayload, writeSmallBucket } from "./payload.ts";

/** Samples in a chunk: 16 bytes, one growth step of a series. */
const CHUNK = 8;
const LAST_OF_CHUNK = CHUNK - 1;
/** From so many chunks on, a series is a dense array of counts: 13 KiB, in place of 2 KiB of list and growing. */
const MOST_CHUNKS = 128;
/** The end of a chain of chunks. */
const NO_CHUNK = -1;
/** A series without samples: stands where the next sample wants a new chunk. */
const EMPTY = -1;

/**
 * Many recorded series in a few flat arrays. A series is a list of bucket indexes, in chunks of eight that are chained
 * backwards, until it is long enough for dense counts. Recording one sample writes two bytes and moves one number; it
 * takes a chunk every eighth time and allocates nothing else.
 */
export class SeriesStore {
  /** How many series there are; they are numbered from 0. */
  size = 0;
  /** By series, where its newest sample is in `chunks`; below `EMPTY`, the number of its dense counts. */
  private newest = new Int32Array(64);
  /** Chunks by series. */
  private lengths = new Uint8Array(64);
  private chunks = new Uint16Array(256 * CHUNK);
  /** By chunk, the chunk before it of the same series. */
  private previous = new Int32Array(256);
  private chunksUsed = 0;
  private freeChunk = NO_CHUNK;
  private readonly dense: Uint32Array[] = [];
  private readonly sorted = new Uint16Array(MOST_CHUNKS * CHUNK);

  /** Starts an empty series and returns its number. */
  add(): number {
    const series = this.size++;
    if (series === this.newest.length) {
      this.newest = grown(this.newest, new Int32Array(series * 2));
      this.lengths = grown(this.lengths, new Uint8Array(series * 2));
    }
    this.newest[series] = EMPTY;
    return series;
  }

  /** Adds a series that has these counts by bucket, which it keeps. */
  addCounts(counts: Uint32Array): number {
    const series = this.add();
    this.newest[series] = EMPTY - 1 - this.dense.length;
    this.dense.push(counts);
    return series;
  }

  /** Adds a sample in the bucket `index`. */
  record(series: number, index: number): void {
    const at = this.newest[series]!;
    if (at < EMPTY) this.dense[EMPTY - 1 - at]![index]!++;
    else if ((at & LAST_OF_CHUNK) === LAST_OF_CHUNK) this.recordInNewChunk(series, index);
    else {
      this.chunks[at + 1] = index;
      this.newest[series] = at + 1;
    }
  }

  /** Adds so many samples in the bucket `index`. */
  recordMany(series: number, index: number, times: number): void {
    let left = times;
    while (left > 0 && this.newest[series]! >= EMPTY) {
      this.record(series, index);
      left--;
    }
    if (left > 0) this.dense[EMPTY - 1 - this.newest[series]!]![index]! += left;
  }

  /** Appends the payload of a series. */
  write(series: number, out: ByteWriter): void {
    const at = this.newest[series]!;
    if (at < EMPTY) return writePayload(out, this.dense[EMPTY - 1 - at]!);
    const filled = this.sort(at);
    out.ensure(filled * LONGEST_BUCKET);
    let next = 0;
    for (let first = 0; first < filled;) {
      const index = this.sorted[first]!;
      let end = first + 1;
      while (end < filled && this.sorted[end] === index) end++;
      writeSmallBucket(out, index - next, end - first);
      next = index + 1;
      first = end;
    }
  }

  private recordInNewChunk(series: number, index: number): void {
    if (this.lengths[series] === MOST_CHUNKS) return this.turnDense(series, index);
    const at = this.newest[series]!;
    const chunk = this.newChunk(at === EMPTY ? NO_CHUNK : Math.floor(at / CHUNK));
    this.lengths[series]!++;
    this.chunks[chunk * CHUNK] = index;
    this.newest[series] = chunk * CHUNK;
  }

  private turnDense(series: number, index: number): void {
    const counts = new Uint32Array(COUNTS_LENGTH);
    let chunk = Math.floor(this.newest[series]! / CHUNK);
    while (chunk !== NO_CHUNK) {
      for (let at = chunk * CHUNK; at < (chunk + 1) * CHUNK; at++) counts[this.chunks[at]!]!++;
      const before = this.previous[chunk]!;
      this.previous[chunk] = this.freeChunk;
      this.freeChunk = chunk;
      chunk = before;
    }
    counts[index]!++;
    this.newest[series] = EMPTY - 1 - this.dense.length;
    this.dense.push(counts);
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

  /** Puts the bucket indexes of a list into `sorted`, lowest first, and returns their number. */
  private sort(newest: number): number {
    let filled = 0;
    let end = newest;
    while (end !== EMPTY) {
      const chunk = Math.floor(end / CHUNK);
      for (let at = chunk * CHUNK; at <= end; at++) this.sorted[filled++] = this.chunks[at]!;
      const before = this.previous[chunk]!;
      end = before === NO_CHUNK ? EMPTY : before * CHUNK + LAST_OF_CHUNK;
    }
    if (filled <= MOST_INSERTED) insertionSort(this.sorted, filled);
    else this.sorted.subarray(0, filled).sort();
    return filled;
  }
}

function grown<T extends { set(from: T): void }>(from: T, into: T): T {
  into.set(from);
  return into;
}

/** Up to so many numbers, insertion is several times faster than the built-in sort of typed arrays. */
const MOST_INSERTED = 48;

function insertionSort(list: Uint16Array, length: number): void {
  for (let at = 1; at < length; at++) {
    const value = list[at]!;
    let hole = at;
    while (hole > 0 && list[hole - 1]! > value) {
      list[hole] = list[hole - 1]!;
      hole--;
    }
    list[hole] = value;
  }
}
