import type { Connection as Wire, Submittable } from "pg";

/** PostgreSQL's binary copy: a signature of 11 bytes, 4 of flags, the length of what else is in the header. */
const HEADER_BYTES = 19;
const FIRST_BYTES = 64 * 1024;

/**
 * `COPY (…) TO STDOUT (FORMAT binary)`: rows arrive as they lie in the database. A select would send every byte of a
 * histogram as two hexadecimal digits, which costs more than merging it.
 */
export class CopyOut implements Submittable {
  /** Everything received; settles when the server is ready for the next statement. */
  readonly received: Promise<Buffer>;
  private bytes = Buffer.allocUnsafe(FIRST_BYTES);
  private length = 0;
  private error: Error | null = null;
  private settle!: { resolve: (bytes: Buffer) => void; reject: (error: Error) => void };

  constructor(private readonly text: string) {
    this.received = new Promise((resolve, reject) => (this.settle = { resolve, reject }));
  }

  submit(connection: Wire): void {
    connection.query(`COPY (${this.text}) TO STDOUT (FORMAT binary)`);
  }

  /** The chunk lies in a buffer that is used again: it has to be copied. */
  handleCopyData({ chunk }: { chunk: Buffer }): void {
    if (this.length + chunk.length > this.bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.length + chunk.length));
      this.bytes.copy(larger, 0, 0, this.length);
      this.bytes = larger;
    }
    this.length += chunk.copy(this.bytes, this.length);
  }

  handleError(error: Error): void {
    this.error = error;
    // After a broken connection there is no "ready" any more.
    this.settle.reject(error);
  }

  handleReadyForQuery(): void {
    if (this.error === null) this.settle.resolve(this.bytes.subarray(0, this.length));
  }

  handleRowDescription(): void {}
  handleDataRow(): void {}
  handlePortalSuspended(): void {}
  handleEmptyQuery(): void {}
  handleCommandComplete(): void {}
}

/** Reads the fields of copied rows one after another, in the order of the select. */
export class CopiedRows {
  private at = HEADER_BYTES;

  constructor(private readonly bytes: Buffer) {}

  /** Moves to the next row; false behind the last. */
  next(): boolean {
    if (this.at >= this.bytes.length) return false;
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
