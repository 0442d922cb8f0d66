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
  log: z.array(z.strictObject({ at, tookMs, status, error: z.string().nullable(), answer: z.string().nullable() })),
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
