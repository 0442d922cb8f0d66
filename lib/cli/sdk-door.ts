import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { repositoryRoot } from "../store/repository-root.ts";
import { send } from "./door.ts";

/** Where the SDK can be installed from: `npm install http://…/sdk.tgz`. Part of the documented addresses. */
const PATH = "/sdk.tgz";

let packed: Promise<{ bytes: Uint8Array<ArrayBuffer>; etag: string }> | undefined;

/**
 * Hands out the SDK that belongs to this server, for everybody: it is public code, and apps install it without an account. The
 * build packs it.
 * @returns whether the request was taken
 */
export async function answerSdk(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  if (request.url !== PATH || (request.method !== "GET" && request.method !== "HEAD")) return false;
  const { bytes, etag } = await (packed ??= readPacked());
  const headers = { "content-type": "application/gzip", etag, "cache-control": "no-cache" };
  if (request.headers["if-none-match"] === etag) await send(new Response(null, { status: 304, headers }), response);
  else await send(new Response(bytes, { headers }), response);
  return true;
}

async function readPacked() {
  const bytes = new Uint8Array(await readFile(join(repositoryRoot(), "dist", "sdk.tgz")));
  return { bytes, etag: `"${createHash("sha256").update(bytes).digest("base64url")}"` };
}
