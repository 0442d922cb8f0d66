import { ByteWriter } from "../histogram/index.ts";
import type { BatchSource } from "./batch.ts";
import { writeString, writeText } from "./text-column.ts";

/** The first bytes of every dense batch: "TFB" and the version. */
export const MAGIC = [0x54, 0x46, 0x42, 1] as const;

/** In the column of kinds: the series has a payload of hits, of misses. */
export const HAS_HIT = 1;
export const HAS_MISS = 2;

/** Writes something into the payload column and nothing else. */
export type PayloadSource = (out: ByteWriter) => void;

/**
 * Puts a dense batch together, column by column, so that like stands beside like and gzip finds it. The columns and
 * their order are described in docs/ingest.md. Call `endpoint`, then `outcome` in the order of `OUTCOMES`, then
 * `endUsers` after that endpoint's `user`s.
 */
export class BatchWriter {
  private readonly head = new ByteWriter();
  private readonly endpoints = new ByteWriter(1024);
  private readonly idLengths = new ByteWriter(1024);
  private readonly idText = new ByteWriter(4096);
  private readonly references = new ByteWriter(1024);
  private readonly kinds = new ByteWriter(1024);
  private readonly lengths = new ByteWriter(1024);
  private readonly cacheLengths = new ByteWriter();
  private readonly outcomePayloads = new ByteWriter(4096);
  private readonly userPayloads = new ByteWriter(16_384);
  private readonly cachePayloads = new ByteWriter();
  private readonly ids = new Map<string, number>();
  private expected = 0;

  constructor(source: BatchSource, losses: ReadonlyMap<string, number>) {
    const head = this.head;
    writeUuid(head, source.batch);
    for (const name of [source.service, source.environment, source.instance, source.release ?? ""]) {
      writeString(head, name);
    }
    head.varint(source.window.startMs);
    head.varint(source.window.seconds);
    for (const [reason, count] of losses) {
      writeString(head, reason);
      head.varint(count);
    }
  }

  /** Begins an endpoint that has `users` user series and the outcomes whose bits are set in `outcomeMask`. */
  endpoint(method: string, route: string, shape: { outcomeMask: number; users: number }): void {
    writeString(this.endpoints, method);
    writeString(this.endpoints, route);
    this.endpoints.byte(shape.outcomeMask);
    this.endpoints.varint(shape.users);
  }

  outcome(write: PayloadSource): void {
    this.endpoints.varint(lengthOf(this.outcomePayloads, write));
  }

  /** Adds a user series of the current endpoint. */
  user(id: string, write: PayloadSource): void {
    this.reference(id);
    this.kinds.byte(0);
    this.lengths.varint(lengthOf(this.userPayloads, write));
  }

  /** Adds to the user series just added the parts that used a cache. */
  cache(hit: PayloadSource | undefined, miss: PayloadSource | undefined): void {
    if (!hit && !miss) return;
    this.kinds.bytes[this.kinds.at - 1] = (hit ? HAS_HIT : 0) | (miss ? HAS_MISS : 0);
    if (hit) this.cacheLengths.varint(lengthOf(this.cachePayloads, hit));
    if (miss) this.cacheLengths.varint(lengthOf(this.cachePayloads, miss));
  }

  /** The whole batch. */
  finish(): Uint8Array<ArrayBuffer> {
    const columns = this.columns();
    const out = new ByteWriter(columns.reduce((sum, column) => sum + column.at + 4, 64));
    for (const byte of MAGIC) out.byte(byte);
    for (const column of columns) out.varint(column.at);
    for (const column of columns) out.append(column.written());
    return out.written();
  }

  private columns(): ByteWriter[] {
    return [
      this.head,
      this.endpoints,
      this.idLengths,
      this.idText,
      this.references,
      this.kinds,
      this.lengths,
      this.cacheLengths,
      this.outcomePayloads,
      this.userPayloads,
      this.cachePayloads,
    ];
  }

  /** An id is written once. The references count up by one while ids are new, so they are written as a surprise. */
  private reference(id: string): void {
    let number = this.ids.get(id);
    if (number === undefined) {
      number = this.ids.size;
      this.ids.set(id, number);
      this.idLengths.varint(writeText(this.idText, id));
    }
    this.references.varint(number >= this.expected ? (number - this.expected) * 2 : (this.expected - number) * 2 - 1);
    this.expected = number + 1;
  }
}

/** The number of columns behind the magic bytes. */
export const COLUMNS = 11;

function lengthOf(column: ByteWriter, write: PayloadSource): number {
  const start = column.at;
  write(column);
  return column.at - start;
}

function writeUuid(out: ByteWriter, uuid: string): void {
  const digits = uuid.replaceAll("-", "");
  for (let at = 0; at < 32; at += 2) out.byte(Number.parseInt(digits.slice(at, at + 2), 16));
}
