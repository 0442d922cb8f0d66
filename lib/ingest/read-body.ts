import { TailfillError } from "../errors.ts";

export interface BodyLimits {
  mostBytes: number;
  /** The whole body must have arrived by then. */
  withinMs: number;
}

/**
 * Reads the body of a request, never more of it than allowed and never less than announced.
 * @throws TailfillError `too_large`, `body_timeout`, `bad_request` when it ends early
 */
export async function readBody(request: Request, limits: BodyLimits): Promise<Uint8Array> {
  const announced = announcedLength(request);
  if (announced !== null && announced > limits.mostBytes) throw tooLarge(limits.mostBytes);
  const body = request.body === null ? new Uint8Array(0) : await readStream(request.body, limits);
  if (announced !== null && announced !== body.length)
    throw new TailfillError("bad_request", `The body has ${body.length} bytes, Content-Length says ${announced}.`);
  return body;
}

function announcedLength(request: Request): number | null {
  const header = request.headers.get("content-length");
  return header !== null && /^\d{1,15}$/.test(header) ? Number(header) : null;
}

async function readStream(stream: ReadableStream<Uint8Array>, limits: BodyLimits): Promise<Uint8Array> {
  const reader = stream.getReader();
  const timer = deadline(limits.withinMs);
  try {
    const chunks: Uint8Array[] = [];
    let length = 0;
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), timer.late]);
      if (done) return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
      length += value.length;
      if (length > limits.mostBytes) throw tooLarge(limits.mostBytes);
      chunks.push(value);
    }
  } catch (error) {
    reader.cancel().catch(() => undefined); // the sender is gone or too slow: nobody waits for the rest
    if (error instanceof TailfillError) throw error;
    throw new TailfillError("bad_request", "The body ended before it was complete.", { cause: error });
  } finally {
    timer.clear();
  }
}

function deadline(ms: number): { late: Promise<never>; clear(): void } {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TailfillError("body_timeout", `The body took longer than ${ms} ms.`)), ms);
  });
  late.catch(() => undefined); // it may come true when nobody races against it any more
  return { late, clear: () => clearTimeout(timer) };
}

function tooLarge(mostBytes: number): TailfillError {
  return new TailfillError("too_large", `The body is longer than ${mostBytes} bytes.`);
}
