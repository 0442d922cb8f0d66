import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import { TailfillError } from "../../errors.ts";
import { FORM } from "./manifest.ts";

/**
 * A backup is a line that says so, and behind it a gzip stream of frames: a letter, the length of what follows (4 bytes,
 * big-endian), and that. `M` manifest, then for each table `T` its name, `D` pieces of PostgreSQL's binary copy, `E` what they
 * were; `Z` the end. Without the `Z`, the file was cut off.
 */
export const KINDS = ["M", "T", "D", "E", "Z"] as const;
export type FrameKind = (typeof KINDS)[number];

export interface Frame {
  kind: FrameKind;
  content: Buffer;
}

const TITLE = "tailfill backup ";
export const FIRST_LINE = `${TITLE}${FORM}\n`;
/** Pieces of a table are about as long; a manifest may be longer. */
export const PIECE_BYTES = 256 * 1024;
const LONGEST_BYTES = 16 * 1024 * 1024;
const HEAD_BYTES = 5;

export function frame(kind: FrameKind, content: Buffer | object): Buffer[] {
  const bytes = Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content));
  const head = Buffer.alloc(HEAD_BYTES);
  head.write(kind, "latin1");
  head.writeUInt32BE(bytes.length, 1);
  return [head, bytes];
}

const bad = (file: string, what: string, cause?: unknown): TailfillError =>
  new TailfillError("bad_backup", `${file} ${what}.`, { cause });

/** Whether a file begins as a backup does. */
export async function isBackup(file: string): Promise<boolean> {
  return (await firstLine(file)).startsWith(TITLE);
}

async function firstLine(file: string): Promise<string> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, 0);
    return buffer.subarray(0, bytesRead).toString("latin1").split("\n")[0]!;
  } finally {
    await handle.close();
  }
}

/**
 * Reads the frames of a backup, one after another, in bounded memory.
 * @throws TailfillError `bad_backup` when it is no backup, damaged or cut off; `backup_too_new`
 */
export async function* readFrames(file: string): AsyncGenerator<Frame> {
  await refuseForeign(file);
  const source = createReadStream(file, { start: FIRST_LINE.length });
  const bytes = source.pipe(createGunzip({ chunkSize: PIECE_BYTES }));
  source.on("error", (error) => bytes.destroy(error));
  try {
    yield* framesOf(bytes, file);
  } catch (error) {
    if (error instanceof TailfillError || !isDamage(error)) throw error;
    throw bad(file, "is damaged or cut off", error);
  } finally {
    source.destroy();
    bytes.destroy();
  }
}

async function refuseForeign(file: string): Promise<void> {
  const line = await firstLine(file).catch((cause: NodeJS.ErrnoException) => {
    throw bad(file, `cannot be read (${cause.code})`, cause);
  });
  if (!line.startsWith(TITLE)) throw bad(file, "is no backup of tailfill");
  if (`${line}\n` !== FIRST_LINE)
    throw new TailfillError("backup_too_new", `${file} has a form that this tailfill does not know.`);
}

const isDamage = (error: unknown): boolean => String((error as NodeJS.ErrnoException).code).startsWith("Z_");

async function* framesOf(bytes: AsyncIterable<Buffer>, file: string): AsyncGenerator<Frame> {
  let held: Buffer = Buffer.alloc(0);
  let last: FrameKind | undefined;
  for await (const chunk of bytes) {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    for (let one = frameIn(held, file); one !== undefined; one = frameIn(held, file)) {
      held = held.subarray(HEAD_BYTES + one.content.length);
      last = one.kind;
      yield one;
    }
  }
  if (held.length > 0 || last !== "Z") throw bad(file, "is cut off");
}

function frameIn(held: Buffer, file: string): Frame | undefined {
  if (held.length < HEAD_BYTES) return undefined;
  const kind = KINDS.find((one) => one === String.fromCharCode(held[0]!));
  const length = held.readUInt32BE(1);
  if (kind === undefined || length > LONGEST_BYTES) throw bad(file, "is damaged");
  if (held.length < HEAD_BYTES + length) return undefined;
  return { kind, content: held.subarray(HEAD_BYTES, HEAD_BYTES + length) };
}
