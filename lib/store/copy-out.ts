import type { Connection as Wire, Submittable } from "pg";

/** PostgreSQL's binary copy begins with a signature of 11 bytes, 4 of flags, and the length of what else is in the header. */
const HEADER_BYTES = 19;
const SLAB_BYTES = 1024 * 1024;

/**
 * `COPY (…) TO STDOUT (FORMAT binary)`: rows arrive as they lie in the database. A select would send every byte of a
 * histogram as two hexadecimal digits, which costs more than merging it.
 */
export class CopyOut implements Submittable {
  /** All messages received, each some whole rows; settles when the server is ready for the next statement. */
  readonly received: Promise<Buffer[]>;
  private readonly messages: Buffer[] = [];
  private slab = Buffer.allocUnsafe(0);
  private used = 0;
  private error: Error | null = null;
  private settle!: { resolve: (messages: Buffer[]) => void; reject: (error: Error) => void };

  constructor(private readonly text: string) {
    this.received = new Promise((resolve, reject) => (this.settle = { resolve, reject }));
  }

  submit(connection: Wire): void {
    connection.query(`COPY (${this.text}) TO STDOUT (FORMAT binary)`);
  }

  /** The chunk lies in a buffer that is used again: it has to be copied, many into one slab. */
  handleCopyData({ chunk }: { chunk: Buffer }): void {
    if (this.used + chunk.length > this.slab.length) {
      this.slab = Buffer.allocUnsafe(Math.max(SLAB_BYTES, chunk.length));
      this.used = 0;
    }
    const start = this.used;
    this.used += chunk.copy(this.slab, start);
    this.messages.push(this.slab.subarray(start, this.used));
  }

  handleError(error: Error): void {
    this.error = error;
    // After a broken connection there is no "ready" any more.
    this.settle.reject(error);
  }

  handleReadyForQuery(): void {
    if (this.error === null) this.settle.resolve(this.messages);
  }

  handleRowDescription(): void {}
  handleDataRow(): void {}
  handlePortalSuspended(): void {}
  handleEmptyQuery(): void {}
  handleCommandComplete(): void {}
}

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

  /** The bytes of a field, where they lie: not a copy. */
  blob(): Uint8Array {
    const start = this.at + 4;
    this.at = start + this.bytes.readInt32BE(this.at);
    return this.bytes.subarray(start, this.at);
  }
}
