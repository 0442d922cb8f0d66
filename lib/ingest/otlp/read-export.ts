import { createHash } from "node:crypto";
import { TailfillError } from "../../errors.ts";
import { isJsonInUtf8, mediaTypeOf } from "../../media-type.ts";
import { INFLATED_LIMIT } from "../accept.ts";
import { inflateGzip } from "../inflate.ts";
import { readBody } from "../read-body.ts";
import { METRICS_EXPORT, TRACES_EXPORT } from "./messages.ts";
import { notOtlp } from "./not-otlp.ts";
import { readMessage } from "./protobuf.ts";

export type Signal = "metrics" | "traces";

/** An export as it arrived. */
export interface Export {
  signal: Signal;
  /** SHA-256 of the inflated body: the same when it is sent again. */
  digest: Buffer;
  /** As its JSON encoding has it. Nothing in it has been checked. */
  body: unknown;
}

export const PROTOBUF = "application/x-protobuf";
/** Exporters compress only when they are told to. */
export const OTLP_WIRE_LIMIT = 4 * 1024 * 1024;
const BODY_MS = 10_000;

/**
 * Reads an UNTRUSTED request: protobuf or JSON, identity or gzip.
 * @throws TailfillError `unsupported_encoding`, `too_large`, `body_timeout`, `bad_request`, `not_otlp`
 */
export async function readExport(request: Request, signal: Signal): Promise<Export> {
  const media = mediaTypeOf(request.headers.get("content-type"));
  const isJson = isJsonInUtf8(media);
  if (!isJson && media.type !== PROTOBUF)
    throw new TailfillError("unsupported_encoding", `Content-Type must be ${PROTOBUF}, or application/json in UTF-8.`);
  const bytes = await inflated(request);
  const message = signal === "metrics" ? METRICS_EXPORT : TRACES_EXPORT;
  const body = isJson ? parseJson(bytes) : readMessage(bytes, message);
  return { signal, digest: createHash("sha256").update(bytes).digest(), body };
}

async function inflated(request: Request): Promise<Uint8Array> {
  const encoding = request.headers.get("content-encoding")?.trim().toLowerCase() || "identity";
  if (!["identity", "none", "gzip", "x-gzip"].includes(encoding))
    throw new TailfillError("unsupported_encoding", "Content-Encoding must be identity or gzip, once.");
  const bytes = await readBody(request, { mostBytes: OTLP_WIRE_LIMIT, withinMs: BODY_MS });
  return encoding.endsWith("gzip") ? inflateGzip(bytes, INFLATED_LIMIT) : bytes;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw notOtlp("it is not JSON in UTF-8");
  }
}
