import type { z } from "zod";
import { TailfillError } from "@/lib/errors";
import { plainWords } from "@/lib/input-problems";
import { isJsonInUtf8, mediaTypeOf } from "@/lib/media-type";

const LONGEST_BODY = 65_536;
/** Of a text, which may hold a thousand rules. */
const LONGEST_TEXT = 1_048_576;

/**
 * A small JSON body, checked by a schema.
 * @throws TailfillError `unsupported_encoding`, `too_large`, `bad_request`; ZodError, which `handle` tells as `bad_request`
 */
export async function readJson<T>(request: Request, schema: z.ZodType<T>): Promise<T> {
  if (!isJsonInUtf8(mediaTypeOf(request.headers.get("content-type"))))
    throw new TailfillError("unsupported_encoding", "The body must be application/json, in UTF-8.");
  return schema.parse(parse(await bounded(request)), { error: plainWords });
}

/**
 * A small text of one of some media types, in UTF-8.
 * @throws TailfillError `unsupported_encoding`, `too_large`, `bad_request`
 */
export async function readText(request: Request, mediaTypes: readonly string[]): Promise<string> {
  const [type = ""] = (request.headers.get("content-type") ?? "").toLowerCase().split(";");
  if (!mediaTypes.includes(type.trim()))
    throw new TailfillError("unsupported_encoding", `The body must be ${mediaTypes[0]}, in UTF-8.`);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await bounded(request, LONGEST_TEXT));
  } catch (error) {
    if (error instanceof TailfillError) throw error;
    throw new TailfillError("bad_request", "The body is not text in UTF-8.");
  }
}

async function bounded(request: Request, longest = LONGEST_BODY): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.byteLength;
    if (length > longest) throw new TailfillError("too_large", `The body is longer than ${longest / 1_024} KiB.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw new TailfillError("bad_request", "The body is not JSON in UTF-8.");
  }
}
