import { createTransport } from "nodemailer";
import { unlessAborted } from "./connect.ts";
import type { Told } from "./fit.ts";
import { textOf } from "./sentences.ts";

/** The operator's mail server; not a receiver's, so it may be in a private network. */
export interface MailServer {
  /** `smtp://user:password@host:587`, or `smtps://`. */
  url: string;
  from: string;
}

export interface Mail {
  /** Becomes the Message-ID: a mail that comes twice is known by it. */
  id: string;
  to: readonly string[];
  told: Told;
}

/** What mail programs know it by. */
export const messageIdOf = (id: string): string => `<${id}@tailfill>`;

/**
 * Hands a mail to the server. Returns SMTP's reply code, which is 2xx when the server has taken it. For one address of several that is refused it
 * is not sent again: the others have it.
 * @throws whatever DNS, TCP, TLS and SMTP throw; an error of SMTP has a `responseCode`
 */
export async function mail({ url, from }: MailServer, { id, to, told }: Mail, limitMs: number): Promise<number> {
  const limits = { connectionTimeout: limitMs, greetingTimeout: limitMs, socketTimeout: limitMs, dnsTimeout: limitMs };
  const transport = createTransport({ url, ...limits, disableFileAccess: true, disableUrlAccess: true });
  try {
    const message = { messageId: messageIdOf(id), from, to: [...to], ...textOf(told) };
    const { response } = await unlessAborted(transport.sendMail(message), AbortSignal.timeout(limitMs));
    return Number(/^\d{3}/.exec(String(response))?.[0] ?? 250);
  } finally {
    transport.close();
  }
}
