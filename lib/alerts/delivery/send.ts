import type { AttemptRow } from "../../store/alert-deliveries.ts";
import type { Guard } from "./connect.ts";
import type { Told } from "./fit.ts";
import { mail, type MailServer } from "./mail.ts";
import { LIMIT_MS, post } from "./post.ts";
import { shownOf } from "./reach.ts";
import { type Secrets, unseal } from "./sealed.ts";
import { bodyOf, type HttpKind } from "./shapes.ts";
import { signedHeaders } from "./sign.ts";

/** What sending needs besides the message. */
export interface Outside {
  now: () => number;
  /** TAILFILL_SECRET. */
  secret: string;
  guard: Guard;
  /** By what e-mail goes, if by anything. */
  mail?: MailServer | undefined;
  /** How long an attempt may take, by default 15 s. */
  limitMs?: number;
}

export interface Message {
  messageId: string;
  receiverId: string;
  kind: string;
  sealed: string;
  payload: unknown;
}

export type Attempt = AttemptRow & { retryAfter?: string | undefined };

const ERROR_LENGTH = 300;

/** Sends a message once. Never throws: what went wrong is part of the attempt. */
export async function send(message: Message, outside: Outside): Promise<Attempt> {
  const atMs = outside.now();
  const outcome = await tried(message, atMs, outside);
  return { atMs, tookMs: Math.max(0, Math.round(outside.now() - atMs)), ...outcome };
}

type Came = Pick<Attempt, "status" | "error" | "answer" | "retryAfter">;
type Tried = Came & Pick<Attempt, "address">;

async function tried(message: Message, atMs: number, outside: Outside): Promise<Tried> {
  const secrets = unseal(message.sealed, message.receiverId, outside.secret);
  if (secrets === null)
    return nowhere("Its address cannot be read: TAILFILL_SECRET has changed. Give the receiver anew.");
  if (message.payload === null) return nowhere("What it told of was removed.");
  const { kind } = message;
  if (kind !== "email" && secrets.url === undefined) return nowhere("It has no address.");
  return { ...(await came(message, { secrets, atMs }, outside)), address: shownOf(secrets) };
}

interface Sending {
  secrets: Secrets;
  /** The time of the attempt, and of its signature. */
  atMs: number;
}

async function came(message: Message, sending: Sending, outside: Outside): Promise<Came> {
  try {
    return await (message.kind === "email" ? mailed : posted)(message, sending, outside);
  } catch (error) {
    return { ...failed(wordsOf(error)), status: (error as { responseCode?: number }).responseCode ?? null };
  }
}

async function mailed(message: Message, { secrets: { to = [] } }: Sending, outside: Outside): Promise<Came> {
  if (outside.mail === undefined) return failed("TAILFILL_SMTP_URL is not set: no e-mail can be sent.");
  const told = message.payload as Told;
  const status = await mail(outside.mail, { id: message.messageId, to, told }, outside.limitMs ?? LIMIT_MS);
  return { status, error: null, answer: null };
}

async function posted(message: Message, { secrets, atMs }: Sending, outside: Outside): Promise<Came> {
  const { url = "", routingKey, signing = [] } = secrets;
  const body = bodyOf(message.kind as HttpKind, message.payload as Told, routingKey);
  const valid = signing.filter(({ untilMs }) => untilMs === null || untilMs > atMs).map(({ secret }) => secret);
  const headers = valid.length === 0 ? {} : signedHeaders(valid, { id: message.messageId, atMs, body });
  const { status, answer, retryAfter } = await post({ url, headers, body }, outside.guard, outside.limitMs);
  return { status, error: null, answer, retryAfter };
}

const nowhere = (error: string): Tried => ({ ...failed(error), address: null });
const failed = (error: string): Came => ({ status: null, error: error.slice(0, ERROR_LENGTH), answer: null });

/** The error as people read it. An error of several addresses has no text of its own. */
function wordsOf(error: unknown): string {
  const { name, message, code } = error as Error & { code?: string };
  if (name === "TimeoutError" || name === "AbortError") return "It did not answer in time.";
  return KNOWN[code ?? ""] ?? (message || code || name);
}

/** What people need not look up. */
const KNOWN: Readonly<Record<string, string>> = {
  ENOTFOUND: "Its name is not known: no DNS server has an address of it.",
  EAI_AGAIN: "Its name could not be looked up: the DNS server did not answer.",
  ECONNREFUSED: "Nobody listens at its address.",
  ECONNRESET: "It closed the connection without an answer.",
  EHOSTUNREACH: "Its address is not reached from here.",
  ENETUNREACH: "Its network is not reached from here.",
  ETIMEDOUT: "It did not answer in time.",
};
