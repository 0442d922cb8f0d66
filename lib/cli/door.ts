import type { IncomingMessage, ServerResponse } from "node:http";
import { keyRing, type Scope } from "../auth/api-keys.ts";
import { API_POLICY, STATIC_HEADERS, UNFRAMED_HEADER } from "../auth/security-headers.ts";

/** The id of a request's key that has any of these scopes. Whatever is wrong with it, or with asking, is the route's to tell. */
export async function keyFor(request: IncomingMessage, ...anyOf: Scope[]): Promise<string | null> {
  const key = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? "")?.[1];
  if (key === undefined) return null;
  const verified = await keyRing()
    .verify(key)
    .catch(() => null);
  return verified !== null && anyOf.some((scope) => verified.scopes.includes(scope)) ? verified.id : null;
}

/** Sends an answer, with the headers that every answer of the API has. */
export async function send(answer: Response, response: ServerResponse): Promise<void> {
  for (const [name, value] of answer.headers) response.setHeader(name, value);
  for (const { key, value } of [...STATIC_HEADERS, UNFRAMED_HEADER]) response.setHeader(key, value);
  response.setHeader("Content-Security-Policy", API_POLICY);
  response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()));
}
