import type { IncomingMessage } from "node:http";
import { stampAddress } from "@/lib/auth/address";
import { createFirstUser } from "@/lib/auth/first-user";
import { testDatabase, type TestDatabase } from "@/test/support/database";
import type { Db } from "@/lib/store/db";

/** The origin of the server that handlers believe to be. */
export const ORIGIN = "http://127.0.0.1:3000";
export const OWNER = { email: "owner@example.test", password: "correct horse battery" };

export type Handler<Context = unknown> = (request: Request, context: Context) => Promise<Response>;

/** Points this process at a fresh database, as a started web server would be. The caller drops it. */
export async function serverRoom(): Promise<TestDatabase> {
  const database = await testDatabase();
  process.env["DATABASE_URL"] = database.url;
  process.env["TAILFILL_SECRET"] = "a secret of this test, 32 bytes or more";
  process.env["LOG_LEVEL"] = "silent";
  (globalThis as { tailfillDb?: Db }).tailfillDb = database.db;
  return database;
}

export async function withOwner(): Promise<TestDatabase> {
  const room = await serverRoom();
  await createFirstUser(room.db, OWNER);
  return room;
}

interface Sent {
  method?: string;
  body?: unknown;
  cookie?: string;
  headers?: Record<string, string>;
  /** Address of the socket that the request seems to come from. */
  from?: string;
}

/** A request as the web server would hand it to a handler: same origin, JSON, stamped with the socket's address. */
export function ask(
  path: string,
  { method = "GET", body, cookie, headers = {}, from = "192.0.2.1" }: Sent = {},
): Request {
  const all = new Headers({ host: "127.0.0.1:3000", ...(method === "GET" ? {} : { origin: ORIGIN }) });
  if (body !== undefined) all.set("content-type", "application/json");
  if (cookie !== undefined) all.set("cookie", cookie);
  for (const [name, value] of Object.entries(headers))
    if (value === "") all.delete(name);
    else all.set(name, value);
  stamp(all, from);
  return new Request(ORIGIN + path, {
    method,
    headers: all,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

function stamp(headers: Headers, remoteAddress: string): void {
  const message = { headers: {} as Record<string, string>, socket: { remoteAddress } };
  stampAddress(message as unknown as IncomingMessage);
  for (const [name, value] of Object.entries(message.headers)) headers.set(name, value);
}

/** The `Cookie` header that a browser would send after this answer. */
export function cookieOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");
}

export async function codeOf(response: Response): Promise<string> {
  return ((await response.json()) as { code: string }).code;
}
