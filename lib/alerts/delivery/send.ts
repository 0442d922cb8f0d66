import type { AttemptRow } from "../../store/alert-deliveries.ts";
import type { Guard } from "./connect.ts";
import type { Told } from "./fit.ts";
import { post } from "./post.ts";
import { unseal } from "./sealed.ts";
import { bodyOf, type HttpKind } from "./shapes.ts";
import { signedHeaders } from "./sign.ts";

/** What sending needs besides the message. */
export interface Outside {
  now: () => number;
  /** TAILFILL_SECRET. */
  secret: string;
  guard: Guard;
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
  const outcome = await tried(message, outside);
  return { atMs, tookMs: Math.max(0, Math.round(outside.now() - atMs)), ...outcome };
}

type Tried = Pick<Attempt, "status" | "error" | "answer" | "retryAfter">;

async function tried(message: Message, outside: Outside): Promise<Tried> {
  const secrets = unseal(message.sealed, message.receiverId, outside.secret);
  if (secrets === null)
    return failed("Its address cannot be read: TAILFILL_SECRET has changed. Give the receiver anew.");
  if (message.payload === null) return failed("What it told of was removed.");
  const { url, routingKey, signing = [] } = secrets;
  if (url === undefined) return failed("It has no address.");
  const body = bodyOf(message.kind as HttpKind, message.payload as Told, routingKey);
  const atMs = outside.now();
  const valid = signing.filter(({ untilMs }) => untilMs === null || untilMs > atMs).map(({ secret }) => secret);
  const headers = valid.length === 0 ? {} : signedHeaders(valid, { id: message.messageId, atMs, body });
  try {
    const { status, answer, retryAfter } = await post({ url, headers, body }, outside.guard, outside.limitMs);
    return { status, error: null, answer, retryAfter };
  } catch (error) {
    return failed(wordsOf(error));
  }
}

const failed = (error: string): Tried => ({ status: null, error: error.slice(0, ERROR_LENGTH), answer: null });

/** The error as people read it. An error of several addresses has no text of its own. */
function wordsOf(error: unknown): string {
  const { name, message, code } = error as Error & { code?: string };
  if (name === "TimeoutError" || name === "AbortError") return "It did not answer in time.";
  return message || code || name;
}
