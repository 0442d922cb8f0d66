import { z } from "zod";
import { NEW_RECEIVER, RECEIVER_CHANGE } from "../alert-receiver-schemas.ts";
import { answered, read } from "./parts.ts";
import { jsonSchema, type JsonSchema } from "./schemas.ts";
import { answer, gone, idOf, write } from "./writes.ts";

const secret = z.string().meta({ description: "Only of a webhook, and only told now.", example: "whsec_…" });
const MADE = z.object({ id: z.uuid(), secret: secret.optional() });
const path = idOf("receiver");

const RECEIVERS: JsonSchema = {
  get: read({ id: "listReceivers", summary: "List receivers", question: "none", answer: "AlertReceivers" }),
  post: write({
    id: "createReceiver",
    summary: "Make a receiver",
    body: jsonSchema(NEW_RECEIVER, "input"),
    answers: { 201: answered("The receiver's id, and its secret", jsonSchema(MADE)) },
    refuses: [400, 409, 413, 415],
  }),
};

const ONE_RECEIVER: JsonSchema = {
  get: read({ id: "getReceiver", summary: "A receiver", question: "none", answer: "AlertReceiver", path }),
  patch: write({
    id: "changeReceiver",
    summary: "Change a receiver, or switch it on or off; the kind stays",
    path,
    body: jsonSchema(RECEIVER_CHANGE, "input"),
    answers: { 200: answered("As it is now", answer("AlertReceiver")) },
    refuses: [400, 404, 409, 413, 415],
  }),
  delete: write({
    id: "removeReceiver",
    summary: "Remove a receiver with its deliveries",
    path,
    answers: gone,
    refuses: [404],
  }),
};

const TEST = write({
  id: "testReceiver",
  summary: "Send a test, and wait up to 15 s for what becomes of it",
  path,
  answers: { 200: answered("What became of it", answer("AlertTest")) },
  refuses: [404],
});
const ROTATE = write({
  id: "rotateSecret",
  summary: "Give a webhook a new secret; the one before signs besides for a day",
  path,
  answers: { 200: answered("The new secret", jsonSchema(z.object({ secret }))) },
  refuses: [400, 404],
});
const DELIVERIES = read({
  id: "listDeliveries",
  summary: "Deliveries with their attempts, the latest first",
  question: "alertDeliveries",
  answer: "AlertDeliveries",
});
const RESEND = write({
  id: "resendDelivery",
  summary: "Send a delivery again, under the same id",
  path: idOf("delivery"),
  answers: { 200: answered("As it is now", answer("AlertDelivery")) },
  refuses: [400, 404],
});

/** The calls of receivers and deliveries. */
export const DELIVERY_CALLS = {
  "/api/v1/alerts/receivers": RECEIVERS,
  "/api/v1/alerts/receivers/{id}": ONE_RECEIVER,
  "/api/v1/alerts/receivers/{id}/test": { post: TEST },
  "/api/v1/alerts/receivers/{id}/rotate-secret": { post: ROTATE },
  "/api/v1/alerts/deliveries": { get: DELIVERIES },
  "/api/v1/alerts/deliveries/{id}/resend": { post: RESEND },
} as const;
