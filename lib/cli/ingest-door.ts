import type { IncomingMessage, ServerResponse } from "node:http";
import { handle, toTailfillError } from "../auth/handle.ts";
import { countRefusal, takeBatch } from "../ingest/ingest.ts";
import { keyFor, send } from "./door.ts";

const PATH = "/api/v1/ingest";

/**
 * Answers batches without the page framework, whose way to a route handler costs as much as taking in the batch does.
 * What it answers is what `app/api/v1/ingest/route.ts` answers; requests without a key that may ingest are left to that.
 * @returns whether the request was taken; if not, nothing of it has been read
 */
export async function answerIngest(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  if (request.method !== "POST" || request.url !== PATH) return false;
  const keyId = await keyFor(request, "ingest");
  if (keyId === null) return false;
  await send(await answerFor(keyId)(webRequest(request), undefined), response);
  return true;
}

function answerFor(keyId: string) {
  return handle(async (request) => {
    try {
      return Response.json(await takeBatch(request, keyId));
    } catch (error) {
      const refused = toTailfillError(error, request);
      countRefusal(refused.code);
      throw refused;
    }
  });
}

function webRequest(request: IncomingMessage): Request {
  const headers = new Headers();
  for (const name of ["content-type", "content-encoding", "content-length"]) {
    const value = request.headers[name];
    if (typeof value === "string") headers.set(name, value);
  }
  const init = { method: "POST", headers, body: bodyOf(request), duplex: "half" };
  return new Request(`http://tailfill${PATH}`, init as RequestInit);
}

/**
 * The body as it arrives, from when it is first asked for. One that is given up is read to its end and thrown away, since
 * a sender that is still sending would not see the answer on a connection that is cut.
 */
function bodyOf(request: IncomingMessage): ReadableStream<Uint8Array> {
  let begun = false;
  const begin = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
    begun = true;
    request.on("data", (chunk: Uint8Array) => controller.enqueue(chunk));
    request.once("end", () => controller.close());
    request.once("close", () => request.complete || controller.error(new Error("the sender went away")));
    request.once("error", () => undefined); // `close` follows and tells
  };
  const cancel = (): void => {
    for (const event of ["data", "end", "close"]) request.removeAllListeners(event);
    request.resume();
  };
  return new ReadableStream(
    { pull: (controller) => (begun ? undefined : begin(controller)), cancel },
    { highWaterMark: 0 },
  );
}
