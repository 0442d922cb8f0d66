import type { Connection as Wire, Submittable } from "pg";

/** PostgreSQL's binary copy begins with a signature of 11 bytes, 4 of flags, and the length of what else is in the header. */
const HEADER_BYTES = 19;
const SLAB_BYTES = 1024 * 1024;

/**
 * Memory that copied rows lie in, used again by those who copy a lot: allocating it anew for each of their copies costs
 * more than reading the rows. Who gives one to a copy must be done with the rows before the next `reuse`.
 */
export class CopySlabs {
  private readonly slabs: Buffer[] = [];
  private current = -1;
  private used = SLAB_BYTES;

  /** Everything copied so far may be written over. */
  reuse(): void {
    this.current = -1;
    this.used = SLAB_BYTES;
  }

  /** Keeps a copy of `chunk`. */
  keep(chunk: Buffer): Buffer {
    if (chunk.length > SLAB_BYTES) return Buffer.from(chunk);
    if (this.used + chunk.length > SLAB_BYTES) {
      this.slabs[++this.current] ??= Buffer.allocUnsafeSlow(SLAB_BYTES);
      this.used = 0;
    }
    const start = this.used;
    this.used += chunk.copy(this.slabs[this.current]!, start);
    return this.slabs[this.current]!.subarray(start, this.used);
  }
}

/**
 * `COPY (…) TO STDOUT (FORMAT binary)`: rows arrive as they lie in the database. A select would send every byte of a
 * histogram as two hexadecimal digits, which costs more than merging it.
 */
export class CopyOut implements Submittable {
  /** All messages received, each some whole rows; settles when the server is ready for the next statement. */
  readonly received: Promise<Buffer[]>;
  /** Called at the end: pg puts its own here, to stop the clock of `query_timeout`. */
  callback: (error: Error | null) => void = () => undefined;
  private readonly messages: Buffer[] = [];
  private error: Error | null = null;
  private settle!: { resolve: (messages: Buffer[]) => void; reject: (error: Error) => void };

  constructor(
    private readonly text: string,
    private readonly slabs = new CopySlabs(),
  ) {
    this.received = new Promise((resolve, reject) => (this.settle = { resolve, reject }));
  }

  submit(connection: Wire): void {
    connection.query(`COPY (${this.text}) TO STDOUT (FORMAT binary)`);
  }

  /** The chunk lies in a buffer that is used again: it has to be copied. */
  handleCopyData({ chunk }: { chunk: Buffer }): void {
    this.messages.push(this.slabs.keep(chunk));
  }

  handleError(error: Error): void {
    this.error = error;
    // After a broken connection there is no "ready" any more.
    this.settle.reject(error);
    this.callback(error);
  }

  handleReadyForQuery(): void {
    if (this.error !== null) return;
    this.settle.resolve(this.messages);
    this.callback(null);
  }

  handleRowDescription(): void {}
  handleDataRow(): void {}
  handlePortalSuspended(): void {}
  handleEmptyQuery(): void {}
  handleCommandComplete(): void {}
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Reads the fields of copied rows one after another, in the order of the select. */
export class CopiedRows {
  private bytes: Buffer = Buffer.alloc(0);
  private at = 0;
  private message = 0;

  constructor(private readonly messages: readonly Buffer[]) {}

  /** Moves to the next row; false behind the last. */
  next(): boolean {
    while (this.at >= this.bytes.length) {
      if (this.message >= this.messages.length) return false;
      // The header stands before the first row.
      this.at = this.message === 0 ? HEADER_BYTES : 0;
      this.bytes = this.messages[this.message++]!;
    }
    const fields = this.bytes.readInt16BE(this.at);
    this.at += 2;
    return fields >= 0;
  }

  boolean(): boolean {
    this.at += 5;
    return this.bytes[this.at - 1] === 1;
  }

  int(): number {
    this.at += 8;
    return this.bytes.readInt32BE(this.at - 4);
  }

  float(): number {
    this.at += 12;
    return this.bytes.readDoubleBE(this.at - 8);
  }

  bigint(): bigint {
    this.at += 12;
    return this.bytes.readBigInt64BE(this.at - 8);
  }

  text(): string {
    return decoder.decode(this.blob());
  }

  /** The bytes of a field, where they lie: not a copy. */
  blob(): Uint8Array {
    const start = this.at + 4;
    this.at = start + this.bytes.readInt32BE(this.at);
    return this.bytes.subarray(start, this.at);
  }
}

/** A copy takes no parameters: only numbers of our own making may come into the text. */
export function whole(value: number): number {
  if (!Number.isSafeInteger(value)) throw new Error(`${value} is no whole number`);
  return value;
}
