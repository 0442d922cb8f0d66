import { z } from "zod";

/** Receivers as the API takes them. */
export const RECEIVER_KINDS = ["webhook", "slack", "discord", "teams", "pagerduty", "email"] as const;

const name = z.string().trim().min(1).max(200);
const url = z
  .string()
  .trim()
  .min(1)
  .max(2_000)
  .meta({ description: "Where it is told. Shown without its path.", example: "https://example.com/hook" });
const routingKey = z
  .string()
  .regex(/^[A-Za-z0-9]{32}$/, "must be the 32 characters of the integration key at PagerDuty")
  .meta({ description: "Only of `pagerduty`, which needs no `url`." });

const to = z.array(z.email()).min(1).max(20).meta({ description: "Only of `email`: where it goes." });

export const NEW_RECEIVER = z.strictObject({
  name,
  kind: z.enum(RECEIVER_KINDS),
  url: url.optional(),
  routingKey: routingKey.optional(),
  to: to.optional(),
});
export const RECEIVER_CHANGE = z.strictObject({ name, url, routingKey, to, enabled: z.boolean() }).partial();

export type NewReceiver = z.output<typeof NEW_RECEIVER>;
export type ReceiverChange = z.output<typeof RECEIVER_CHANGE>;

export const DELIVERY_STATES = ["waiting", "delivered", "failed"] as const;

export const DELIVERIES_QUESTION = z.strictObject({
  receiver: z.uuid().optional().meta({ description: "Only those to this receiver, by its id." }),
  state: z.enum(DELIVERY_STATES).optional(),
  rule: z.uuid().optional().meta({ description: "Only of incidents in which this rule fired, by its id." }),
  incident: z.uuid().optional().meta({ description: "Only of this incident, by its id." }),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  before: z.uuid().optional().meta({ description: "`next` of the answer before." }),
});
