import { config } from "../../config.ts";
import { TailfillError } from "../../errors.ts";
import type { AlertAnswer } from "../../query/alert-answer-schemas.ts";
import { parseQuestion } from "../../query/question.ts";
import * as store from "../../store/alert-deliveries.ts";
import { readRuleNames } from "../../store/alert-rules.ts";
import type { Connection, Db } from "../../store/db.ts";
import { uuid7 } from "../../store/uuid7.ts";
import { iso, UUID } from "../rules.ts";
import { networks } from "./addresses.ts";
import type { Told } from "./fit.ts";
import { listReceivers, receiverOf } from "./receivers.ts";
import { requestOf } from "./request.ts";
import { type Outside, send } from "./send.ts";
import { testPayload } from "./test-payload.ts";

type List = AlertAnswer<"AlertDeliveries">;

/** Deliveries with their attempts, the latest first. */
export async function deliveryList(db: Connection, wish: store.DeliveryWish): Promise<List> {
  const rows = await store.listDeliveries(db, { ...wish, limit: wish.limit + 1 });
  const shown = rows.slice(0, wish.limit);
  return { deliveries: shown.map(answerOf), next: rows.length > wish.limit ? shown.at(-1)!.id : null };
}

/** The same by a question's text, as an address has it. @throws TailfillError `bad_request` */
export function deliveriesAsked(db: Connection, search: URLSearchParams): Promise<List> {
  const { receiver, rule, incident, ...wish } = parseQuestion("alertDeliveries", search);
  return deliveryList(db, { ...wish, receiverId: receiver, ruleId: rule, incidentId: incident });
}

/** What the log can be narrowed to, by name. */
export async function deliveryNames(db: Db) {
  const [receivers, rules] = await Promise.all([listReceivers(db), readRuleNames(db)]);
  const named = ({ id, name }: { id: string; name: string }) => ({ id, name });
  return { receivers: receivers.map(named), rules: rules.map(named) };
}

/**
 * Sends a delivery again, with its whole schedule before it and under the same id.
 * @throws TailfillError `not_found`; `bad_request` while it is being sent, for a test, and for a receiver that is off
 */
export async function resend(db: Connection, id: string, nowMs: number): Promise<List["deliveries"][number]> {
  const row = UUID.test(id) ? await store.findDelivery(db, id) : null;
  if (row === null) throw new TailfillError("not_found", "There is no delivery of this id.");
  if (row.type === "test") throw new TailfillError("bad_request", "A test is sent by testing its receiver again.");
  if (!(await receiverOf(db, row.receiverId)).enabled)
    throw new TailfillError("bad_request", "Its receiver is switched off: switch it on first.");
  if (!(await store.sendAgain(db, row.id, nowMs)))
    throw new TailfillError("bad_request", "It is being sent at this moment.");
  return answerOf((await store.findDelivery(db, row.id))!);
}

/** How deliveries leave this process, by the settings. Without a secret there is no receiver that it could open. */
export function outside(now: () => number = Date.now): Outside {
  const { secret = "", webhookAllow, smtpUrl, smtpFrom } = config();
  const mail = smtpUrl === undefined || smtpFrom === undefined ? undefined : { url: smtpUrl, from: smtpFrom };
  return { now, secret, guard: { allow: networks(webhookAllow) }, mail };
}

/**
 * Sends a test to a receiver at once, and once, also when it is switched off. What came back is told by its status alone: whoever may test must not
 * read answers of other servers.
 * @throws TailfillError `not_found`
 */
export async function testReceiver(db: Db, id: string, by: Outside = outside()): Promise<AlertAnswer<"AlertTest">> {
  const receiver = await receiverOf(db, id);
  const nowMs = by.now();
  const messageId = uuid7(nowMs);
  const payload = testPayload({ id: messageId, atMs: nowMs, publicUrl: config().publicUrl });
  const delivery = await store.insertTest(db, { messageId, receiverId: receiver.id, payload, nowMs });
  const { kind, sealed } = receiver;
  const { atMs, tookMs, status, error, address } = await send(
    { messageId, receiverId: receiver.id, kind, sealed, payload },
    by,
  );
  const isDelivered = status !== null && status >= 200 && status < 300;
  const { failingSinceMs, failedAtMs } = isDelivered ? { failingSinceMs: null, failedAtMs: null } : receiver;
  const attempt = { atMs, tookMs, status, error, address, answer: null };
  const state = isDelivered ? "delivered" : "failed";
  const health = { failingSinceMs, failedAtMs, off: null, nowMs };
  await store.noteAttempt(db, { id: delivery, receiverId: receiver.id }, { state, nextAtMs: null, attempt, ...health });
  return { delivery, state, status, error, tookMs };
}

function answerOf({ log, ...row }: store.DeliveryRow): List["deliveries"][number] {
  return {
    id: row.id,
    webhookId: row.messageId,
    receiver: { id: row.receiverId, name: row.receiverName },
    type: row.type,
    state: row.state as List["deliveries"][number]["state"],
    attempts: row.attempts,
    nextAt: iso(row.nextAtMs),
    createdAt: iso(row.createdAtMs)!,
    why: row.why,
    incident: row.type === "test" ? null : incidentOf(row.payload),
    request: requestOf(row),
    log: log.map(({ atMs, ...attempt }) => ({ at: iso(atMs)!, ...attempt })),
  };
}

function incidentOf(payload: unknown): List["deliveries"][number]["incident"] {
  const { id, rule, ruleId } = (payload as Told | null)?.data.incident ?? {};
  return id === undefined || rule === undefined || ruleId === undefined ? null : { id, rule, ruleId };
}
