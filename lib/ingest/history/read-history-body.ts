import { TailfillError } from "../../errors.ts";
import { inflateGzip } from "../inflate.ts";
import { readBody } from "../read-body.ts";

/** A chunk of history is larger than a batch: there are few of them. */
const WIRE_LIMIT = 8 * 1024 * 1024;
const INFLATED_LIMIT = 24 * 1024 * 1024;
const BODY_MS = 10_000;

/** The text of a body, identity or gzip. @throws TailfillError `unsupported_encoding`, `too_large`, `body_timeout`, `bad_request` */
export async function readHistoryBody(request: Request): Promise<string> {
  const encoding = request.headers.get("content-encoding")?.trim().toLowerCase() ?? "identity";
  if (!["identity", "gzip", "x-gzip"].includes(encoding))
    throw new TailfillError("unsupported_encoding", "Content-Encoding must be identity or gzip, once.");
  const body = await readBody(request, { mostBytes: WIRE_LIMIT, withinMs: BODY_MS });
  const bytes = encoding === "identity" ? body : inflateGzip(body, INFLATED_LIMIT);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new TailfillError("bad_request", "The body is not UTF-8.");
  }
}
