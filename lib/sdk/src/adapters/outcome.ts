import type { IncomingMessage, ServerResponse } from "node:http";
import type { Outcome } from "../../../wire/index.ts";

/** What HTTP/2's compatibility classes have besides. */
interface Http2Stream {
  aborted: boolean;
  rstCode: number | undefined;
}

/** How a response ended; ask once it is closed. Works for HTTP/1.1 and for HTTP/2's compatibility API. */
export function outcomeOf(req: IncomingMessage, res: ServerResponse): Outcome {
  // HTTP/2 first: there, a response that the client cancelled calls itself finished. The version is the request's own property; asking each
  // request for a `stream` that it has not walks all of its prototypes.
  if (req.httpVersionMajor === 2) {
    const { stream } = req as { stream?: Http2Stream };
    if (stream?.aborted) return stream.rstCode ? "aborted" : "server_error";
  }
  if (!res.writableFinished) return outcomeOfCut(req);
  // Ended with an error after its headers were sent, as @hono/node-server does with a body that breaks.
  if (res.statusCode >= 500 || res.errored) return "server_error";
  return res.statusCode >= 400 ? "client_error" : "ok";
}

/** Whether a response that is closed had not ended: nobody waits for it any more. */
export function wasCut(req: IncomingMessage, res: ServerResponse): boolean {
  if (req.httpVersionMajor === 2 && (req as { stream?: Http2Stream }).stream?.aborted) return true;
  return !res.writableFinished;
}

/** What a socket dies of when the other side is gone; the last one is a body that ended too early. */
const LEAVING = new Set(["ECONNRESET", "EPIPE", "ECONNABORTED", "ETIMEDOUT", "EHOSTUNREACH", "HPE_INVALID_EOF_STATE"]);

/**
 * A response that closed before it ended: the client left, or was sent away for a fault of its own (a body that came
 * too slowly or was no HTTP), or this server cut it (a timeout, `res.destroy()`).
 */
function outcomeOfCut(req: IncomingMessage): Outcome {
  const socket = req.socket as IncomingMessage["socket"] | null | undefined;
  if (!socket) return "aborted";
  const code = (socket.errored as { code?: unknown } | null | undefined)?.code;
  if (typeof code !== "string") return socket.readableEnded ? "aborted" : "server_error";
  if (LEAVING.has(code)) return "aborted";
  return code === "ERR_HTTP_REQUEST_TIMEOUT" || code.startsWith("HPE_") ? "client_error" : "server_error";
}
