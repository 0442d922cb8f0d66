import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import type { Readable } from "node:stream";

/** A line, and where it ends in the source, bytes. */
export interface SourceLine {
  text: string;
  end: number;
  /** Longer than anything that is read: its text is cut. */
  isTooLong: boolean;
}

const NEWLINE = 10;
const LONGEST_LINE = 1 << 20;
const READ_BYTES = 64 * 1024;
const GZIP = [0x1f, 0x8b];

/** The lines of a source, one after another, with a digest of everything up to any of them. Bounded in memory. */
export class SourceLines {
  private readonly hash: Hash = createHash("sha256");
  /** What was read last and is not hashed yet: a digest is only asked for within it. */
  private unhashed: Buffer = Buffer.alloc(0);
  /** Where that begins in the source. */
  private hashed = 0;
  private rest: Buffer = Buffer.alloc(0);
  /** Where `rest` begins in the source. */
  private at = 0;
  private isPassingOver = false;
  /** Bytes behind the last newline: a line that is still being written, or the end of a source without a last newline. */
  unfinished = 0;

  /** @param isWhole the source does not grow any more: its last line counts without a newline, too */
  constructor(
    private readonly stream: Readable,
    private readonly isWhole: boolean,
  ) {}

  async *lines(): AsyncGenerator<SourceLine[]> {
    for await (const chunk of this.stream as AsyncIterable<Buffer>) {
      const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
      const { lines, used } = this.cut(bytes);
      this.passOn(bytes.subarray(0, used));
      this.rest = bytes.subarray(used);
      this.at += used;
      if (lines.length > 0) yield lines;
      if (this.rest.length > LONGEST_LINE) this.passOver();
    }
    if (this.rest.length > 0 && this.isWhole) {
      this.passOn(this.rest);
      yield [lineOf(this.rest, this.at + this.rest.length)];
    } else this.unfinished = this.rest.length;
  }

  /** A line that does not end is not kept in memory: what there is of it is passed over, and it counts as too long. */
  private passOver(): void {
    this.passOn(this.rest);
    this.at += this.rest.length;
    this.rest = Buffer.alloc(0);
    this.isPassingOver = true;
  }

  private cut(bytes: Buffer): { lines: SourceLine[]; used: number } {
    const lines: SourceLine[] = [];
    let from = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
      const line = lineOf(bytes.subarray(from, end), this.at + end + 1);
      lines.push(this.isPassingOver ? { ...line, text: "", isTooLong: true } : line);
      this.isPassingOver = false;
      from = end + 1;
    }
    return { lines, used: from };
  }

  /** Nobody asks for a digest within what was read before any more. */
  private passOn(bytes: Buffer): void {
    this.hashUpto(this.hashed + this.unhashed.length);
    this.unhashed = bytes;
  }

  /** The digest of everything up to the end of a line, of those that were given last. */
  digestUpto(end: number): string {
    this.hashUpto(end);
    return this.hash.copy().digest("hex");
  }

  private hashUpto(end: number): void {
    this.hash.update(this.unhashed.subarray(0, end - this.hashed));
    this.unhashed = this.unhashed.subarray(end - this.hashed);
    this.hashed = end;
  }
}

function lineOf(bytes: Buffer, end: number): SourceLine {
  const isTooLong = bytes.length > LONGEST_LINE;
  const text = (isTooLong ? bytes.subarray(0, 256) : bytes).toString("utf8");
  return { text: text.endsWith("\r") ? text.slice(0, -1) : text, end, isTooLong };
}

/** Opens a file, or stdin as `-`; gzip is told by its first bytes. A file may still grow, anything else is whole. */
export async function openSource(path: string): Promise<SourceLines> {
  if (path === "-") return new SourceLines(process.stdin, true);
  const isGzip = await beginsAsGzip(path);
  const file = createReadStream(path, { highWaterMark: READ_BYTES });
  if (!isGzip) return new SourceLines(file, false);
  const inflated = createGunzip({ chunkSize: READ_BYTES });
  file.on("error", (error) => inflated.destroy(error));
  return new SourceLines(file.pipe(inflated), true);
}

async function beginsAsGzip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === GZIP[0] && buffer[1] === GZIP[1];
  } finally {
    await file.close();
  }
}
