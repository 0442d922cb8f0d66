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
const READ_BYTES = 256 * 1024;
const GZIP = [0x1f, 0x8b];

/** The lines of a source, one after another, with a digest of everything up to any of them. Bounded in memory. */
export class SourceLines {
  private readonly hash: Hash = createHash("sha256");
  /** What was read and not yet hashed ends here. */
  private hashed = 0;
  private rest: Buffer = Buffer.alloc(0);
  /** Where `rest` begins in the source. */
  private at = 0;
  private pending: { bytes: Buffer; end: number }[] = [];
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
      this.pending.push({ bytes: bytes.subarray(0, used), end: this.at + used });
      this.rest = bytes.subarray(used);
      this.at += used;
      if (lines.length > 0) yield lines;
    }
    if (this.rest.length > 0 && this.isWhole) {
      const end = this.at + this.rest.length;
      this.pending.push({ bytes: this.rest, end });
      yield [lineOf(this.rest, end)];
    } else this.unfinished = this.rest.length;
  }

  private cut(bytes: Buffer): { lines: SourceLine[]; used: number } {
    const lines: SourceLine[] = [];
    let from = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
      lines.push(lineOf(bytes.subarray(from, end), this.at + end + 1));
      from = end + 1;
    }
    return { lines, used: from };
  }

  /** The digest of everything up to the end of a line that was read. Ends ascend from call to call. */
  digestUpto(end: number): string {
    while (this.pending.length > 0 && this.hashed < end) {
      const { bytes, end: bytesEnd } = this.pending[0]!;
      const start = bytesEnd - bytes.length;
      const upto = Math.min(end, bytesEnd);
      this.hash.update(bytes.subarray(this.hashed - start, upto - start));
      this.hashed = upto;
      if (upto === bytesEnd) this.pending.shift();
    }
    return this.hash.copy().digest("hex");
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
