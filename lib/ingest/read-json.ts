import { TailfillError } from "../errors.ts";
import { isJsonInUtf8, mediaTypeOf } from "../media-type.ts";
import { INFLATED_LIMIT, WIRE_LIMIT } from "./accept.ts";
import { inflateGzip } from "./inflate.ts";
import { readBody } from "./read-body.ts";

const BODY_MS = 10_000;

/**
 * The JSON of an UNTRUSTED request, identity or gzip, within the limits of ingest.
 * @throws TailfillError `unsupported_encoding`, `too_large`, `body_timeout` or `bad_request`
 */
export async function readJsonOf(request: Request): Promise<unknown> {
  const body = await bodyOf(request);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw new TailfillError("bad_request", "The body is not JSON in UTF-8.");
  }
}

async function bodyOf(request: Request): Promise<Uint8Array> {
  const encoding = request.headers.get("content-encoding")?.trim().toLowerCase() ?? "identity";
  if (!isJsonInUtf8(mediaTypeOf(request.headers.get("content-type"))))
    throw new TailfillError("unsupported_encoding", "Content-Type must be application/json, in UTF-8.");
  if (!["identity", "gzip", "x-gzip"].includes(encoding))
    throw new TailfillError("unsupported_encoding", "Content-Encoding must be identity or gzip, once.");
  const body = await readBody(request, { mostBytes: WIRE_LIMIT, withinMs: BODY_MS });
  return encoding === "identity" ? body : inflateGzip(body, INFLATED_LIMIT);
}
