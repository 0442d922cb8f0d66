import type { AlertAnswer } from "../../query/alert-answer-schemas.ts";
import type { Told } from "./fit.ts";
import { messageIdOf } from "./mail.ts";
import { MESSAGE_HEADERS } from "./post.ts";
import { textOf } from "./sentences.ts";
import { bodyOf, type HttpKind } from "./shapes.ts";

export type SentRequest = NonNullable<AlertAnswer<"AlertDelivery">["request"]>;

/** What stands for PagerDuty's key in a body that is shown. */
const CUT = "…";

interface Sent {
  messageId: string;
  kind: string;
  payload: unknown;
}

/**
 * What a receiver of a kind is sent, as it may be shown: made anew by what sends it, so that the two cannot differ. Signature and key are left
 * out, and what differs from attempt to attempt (`webhook-timestamp`). Pure. `null` when what it tells of is gone.
 */
export function requestOf({ messageId, kind, payload }: Sent): SentRequest | null {
  if (payload === null) return null;
  const told = payload as Told;
  if (kind === "email") {
    const { subject, text } = textOf(told);
    return { method: "SMTP", headers: { "message-id": messageIdOf(messageId), subject }, body: text };
  }
  const signed: Record<string, string> = kind === "webhook" ? { "webhook-id": messageId } : {};
  const body = bodyOf(kind as HttpKind, told, CUT);
  return { method: "POST", headers: { ...MESSAGE_HEADERS, ...signed }, body };
}
