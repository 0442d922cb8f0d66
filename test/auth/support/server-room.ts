import type { IncomingMessage } from "node:http";
import { stampAddress } from "@/lib/auth/address";
import { hashOfPassword } from "@/lib/auth/password-hash";
import { insertAccount } from "@/lib/store/accounts";
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

let ownersHash: Promise<string> | undefined;

/** Empties the tables of people and keys; the owner is there again unless not wanted. */
export async function startOver(db: Db, { owner = true } = {}): Promise<void> {
  await db.$executeRaw`TRUNCATE "user", session, account, link, api_key, sign_in_try`;
  if (!owner) return;
  ownersHash ??= hashOfPassword(OWNER.password);
  await insertAccount(db, { id: "owner", name: "owner", email: OWNER.email, passwordHash: await ownersHash });
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
