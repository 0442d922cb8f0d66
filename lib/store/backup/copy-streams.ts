import { once } from "node:events";
import type { Client, Connection as Wire, Submittable } from "pg";

/** What pg's connection can do beside what its types tell. */
interface CopyWire extends Wire {
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/** So much may wait for who reads a copy. */
const MOST_WAITING_BYTES = 1024 * 1024;

const rowsIn = (tag: string): number => Number(/^COPY (\d+)/.exec(tag)?.[1] ?? 0);

/** What both directions have in common: one statement, its end or its error, and nothing else that pg tells of statements. */
abstract class Copy implements Submittable {
  /** Rows copied; known at the end. */
  rows = 0;
  /** Called at the end: pg puts its own here. */
  callback: (error: Error | null) => void = () => undefined;
  protected readonly ended: Promise<void>;
  private settle!: { resolve: () => void; reject: (error: Error) => void };
  protected error: Error | null = null;

  constructor(private readonly text: string) {
    this.ended = new Promise((resolve, reject) => (this.settle = { resolve, reject }));
    this.ended.catch(() => undefined); // told by whoever waits
  }

  submit(connection: Wire): void {
    connection.query(this.text);
  }

  handleCommandComplete({ text }: { text: string }): void {
    this.rows = rowsIn(text);
  }

  handleError(error: Error): void {
    this.error = error;
    // After a broken connection there is no "ready" any more.
    this.settle.reject(error);
    this.callback(error);
    this.over();
  }

  handleReadyForQuery(): void {
    if (this.error !== null) return;
    this.settle.resolve();
    this.callback(null);
    this.over();
  }

  protected over(): void {}
  handleRowDescription(): void {}
  handleDataRow(): void {}
  handlePortalSuspended(): void {}
  handleEmptyQuery(): void {}
}

/** `COPY … TO STDOUT`, read piece by piece. The server waits while nobody reads. */
export class CopyTo extends Copy {
  private waiting: Buffer[] = [];
  private bytes = 0;
  private isOver = false;
  private connection: Wire | undefined;
  private wake: () => void = () => undefined;

  /** The chunk lies in a buffer that is used again: it has to be copied. */
  handleCopyData({ chunk }: { chunk: Buffer }, connection: Wire): void {
    this.connection = connection;
    this.waiting.push(Buffer.from(chunk));
    this.bytes += chunk.length;
    if (this.bytes > MOST_WAITING_BYTES) connection.stream.pause();
    this.wake();
  }

  protected override over(): void {
    this.isOver = true;
    this.wake();
  }

  /** The copied bytes, in pieces of at least `least` bytes but for the last. */
  async *pieces(least: number): AsyncGenerator<Buffer> {
    while (!this.isOver || this.waiting.length > 0) {
      if (this.bytes >= least || this.isOver) yield this.taken();
      else await new Promise<void>((wake) => (this.wake = wake));
    }
    await this.ended;
  }

  private taken(): Buffer {
    const piece = Buffer.concat(this.waiting);
    this.waiting = [];
    this.bytes = 0;
    this.connection?.stream.resume();
    return piece;
  }
}

/** `COPY … FROM STDIN`, written piece by piece. */
export class CopyFrom extends Copy {
  private connection: Promise<CopyWire>;
  private begin!: (connection: CopyWire) => void;

  constructor(text: string) {
    super(text);
    this.connection = new Promise((begin) => (this.begin = begin));
  }

  handleCopyInResponse(connection: Wire): void {
    this.begin(connection as CopyWire);
  }

  /** Writes a piece; returns when the next may come. @throws what the server said of the rows so far */
  async write(piece: Buffer): Promise<void> {
    const connection = await this.open();
    if (this.error !== null) throw this.error;
    connection.sendCopyFromChunk(piece);
    if (connection.stream.writableNeedDrain) await Promise.race([once(connection.stream, "drain"), this.ended]);
  }

  /** Ends the copy. Returns the rows that were copied. */
  async finish(): Promise<number> {
    (await this.open()).endCopyFrom();
    await this.ended;
    return this.rows;
  }

  private async open(): Promise<CopyWire> {
    const connection = await Promise.race([this.connection, this.ended]);
    if (connection === undefined) throw new Error("the copy has ended");
    return connection;
  }
}

export const copyTo = (client: Client, select: string): CopyTo =>
  client.query(new CopyTo(`COPY (${select}) TO STDOUT (FORMAT binary)`));

export const copyFrom = (client: Client, into: string): CopyFrom =>
  client.query(new CopyFrom(`COPY ${into} FROM STDIN (FORMAT binary)`));
