import { z } from "zod";
import { DELIVERY_STATES, RECEIVER_KINDS } from "./alert-receiver-schemas.ts";

/** What the API answers about receivers and deliveries. */
const at = z.iso.datetime().meta({ description: "ISO 8601 in UTC." });
const maybeAt = at.nullable();
const status = z.number().int().nullable().meta({ description: "The HTTP status; null: nothing came back." });
const tookMs = z.number().int().min(0);

const AlertReceiver = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  kind: z.enum(RECEIVER_KINDS),
  url: z.string().meta({ description: "Without its path, which may be secret." }),
  enabled: z.boolean(),
  offReason: z.enum(["gone", "failing"]).nullable().meta({
    description: "Why it was switched off by itself: it answered 410, or it failed for five days.",
  }),
  offAt: maybeAt,
  failingSince: maybeAt,
  createdAt: at,
  createdBy: z.string().nullable(),
});

const request = z.strictObject({
  method: z.enum(["POST", "SMTP"]),
  headers: z.record(z.string(), z.string()).meta({
    description:
      "Without the signature, `webhook-timestamp` (the attempt's `at` in seconds), and those of the connection.",
  }),
  body: z.string().meta({ description: "PagerDuty's `routing_key` is cut." }),
});
const attempt = z.strictObject({
  at,
  tookMs,
  address: z.string().nullable().meta({ description: "Where it went, without the path; null: nowhere." }),
  status,
  error: z.string().nullable(),
  answer: z.string().nullable().meta({ description: "The first 1,000 bytes of it." }),
});

const AlertDelivery = z.strictObject({
  id: z.uuid(),
  webhookId: z.uuid().meta({ description: "The `webhook-id`: the same at each attempt." }),
  receiver: z.strictObject({ id: z.uuid(), name: z.string() }),
  type: z.string(),
  state: z.enum(DELIVERY_STATES),
  attempts: z.number().int().min(0),
  nextAt: maybeAt.meta({ description: "When the next attempt is due; null: there is none." }),
  createdAt: at,
  why: z.string().nullable().meta({ description: "Why it was not sent." }),
  incident: z
    .strictObject({ id: z.uuid(), rule: z.string(), ruleId: z.uuid() })
    .nullable()
    .meta({ description: "What it tells of; null: it is a test." }),
  request: request
    .nullable()
    .meta({ description: "What is sent, the same at each attempt; null: what it told of is gone." }),
  log: z.array(attempt),
});

export const DELIVERY_ANSWERS = {
  AlertReceiver,
  AlertReceivers: z.strictObject({ receivers: z.array(AlertReceiver) }),
  AlertDelivery,
  AlertDeliveries: z.strictObject({
    deliveries: z.array(AlertDelivery).meta({ description: "The latest first." }),
    next: z.uuid().nullable().meta({ description: "`before` of the next page; null: there is none." }),
  }),
  AlertTest: z.strictObject({
    delivery: z.uuid(),
    state: z.enum(["delivered", "failed"]),
    status,
    error: z.string().nullable(),
    tookMs,
  }),
} as const;
