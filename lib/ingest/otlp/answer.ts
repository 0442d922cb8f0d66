import { ByteWriter } from "../../histogram/index.ts";
import { TailfillError } from "../../errors.ts";
import { mediaTypeOf } from "../../media-type.ts";
import { PROTOBUF, type Signal } from "./read-export.ts";
import type { Exported } from "./store-export.ts";

const REJECTED_NAMES: Record<Signal, string> = { metrics: "rejectedDataPoints", traces: "rejectedSpans" };

/** The answer to an export that was stored, in the encoding of the request. What was rejected is told: it is not to be sent again. */
export function exportedAnswer(request: Request, signal: Signal, { rejected, reason }: Exported): Response {
  const message = rejected === 0 ? "" : `${rejected} not kept. The first: ${reason}.`;
  if (!isProtobuf(request)) {
    // As of protobuf, whole numbers of 64 bits are text.
    const partialSuccess = { [REJECTED_NAMES[signal]]: String(rejected), errorMessage: message };
    return Response.json(rejected === 0 ? {} : { partialSuccess });
  }
  const partial = new ByteWriter();
  if (rejected > 0) {
    partial.byte(VARINT_1);
    partial.varint(rejected);
    putText(partial, TEXT_2, message);
  }
  const body = new ByteWriter();
  if (rejected > 0) putBytes(body, TEXT_1, partial.written());
  return protobufAnswer(200, body.copy());
}

/** Codes of gRPC by status, as a reader of `google.rpc.Status` knows them. */
const GRPC_CODES: Record<number, number> = {
  400: 3,
  401: 16,
  403: 7,
  408: 4,
  409: 6,
  413: 11,
  415: 3,
  422: 11,
  429: 8,
  503: 14,
  507: 8,
};
const INTERNAL = 13;

/** The answer to an export that was refused: a `google.rpc.Status` in the encoding of the request. 429 and 503 say when to send again. */
export function refusedAnswer(request: Request, error: TailfillError): Response {
  const code = GRPC_CODES[error.status] ?? INTERNAL;
  const message = `${error.message} ${error.next}`;
  const answer = isProtobuf(request)
    ? protobufAnswer(error.status, statusOf(code, message))
    : Response.json({ code, message }, { status: error.status });
  if (error.retryAfterSeconds !== undefined) answer.headers.set("retry-after", String(error.retryAfterSeconds));
  if (error.status === 401) answer.headers.set("www-authenticate", 'Bearer realm="tailfill"');
  return answer;
}

const isProtobuf = (request: Request): boolean => mediaTypeOf(request.headers.get("content-type")).type === PROTOBUF;

function protobufAnswer(status: number, body: Uint8Array<ArrayBuffer>): Response {
  return new Response(body, { status, headers: { "content-type": PROTOBUF } });
}

/** Keys of the fields 1 and 2. */
const VARINT_1 = 8;
const TEXT_1 = 10;
const TEXT_2 = 18;

function statusOf(code: number, message: string): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter();
  out.byte(VARINT_1);
  out.varint(code);
  putText(out, TEXT_2, message);
  return out.copy();
}

const putText = (out: ByteWriter, key: number, text: string): void =>
  putBytes(out, key, new TextEncoder().encode(text));

function putBytes(out: ByteWriter, key: number, bytes: Uint8Array): void {
  out.byte(key);
  out.varint(bytes.length);
  out.append(bytes);
}
