import { config } from "../../config.ts";
import { TailfillError } from "../../errors.ts";
import type { AlertAnswer } from "../../query/alert-answer-schemas.ts";
import type { NewReceiver, ReceiverChange } from "../../query/alert-receiver-schemas.ts";
import { failWaiting } from "../../store/alert-deliveries.ts";
import * as store from "../../store/alert-receivers.ts";
import type { Connection, Db } from "../../store/db.ts";
import { type Change, iso, unlessTaken, UUID } from "../rules.ts";
import { reachOf, shownOf } from "./reach.ts";
import { seal, type Secrets, unseal } from "./sealed.ts";
import { newSecret } from "./sign.ts";

type Answer = AlertAnswer<"AlertReceiver">;

/** So many receivers there may be: each holds a place while it hangs. */
const MOST = 500;
/** While a secret is replaced, the old one still signs for so long. */
const ROTATION_MS = 24 * 3_600_000;

export async function listReceivers(db: Connection): Promise<Answer[]> {
  return (await store.readReceivers(db)).map(answerOf);
}

/** @throws TailfillError `not_found` */
export async function oneReceiver(db: Connection, id: string): Promise<Answer> {
  return answerOf(await receiverOf(db, id));
}

/** @throws TailfillError `not_found` */
export async function receiverOf(db: Connection, id: string): Promise<store.ReceiverRow> {
  const row = UUID.test(id) ? await store.findReceiver(db, id) : null;
  if (row === null) throw new TailfillError("not_found", "There is no receiver of this id.");
  return row;
}

/**
 * Makes a receiver. The secret of a webhook is in the answer, and nowhere again.
 * @throws TailfillError `bad_request`; `already_exists` when the name is taken
 */
export async function createReceiver(
  db: Connection,
  { name, kind, ...given }: NewReceiver,
  change: Change,
): Promise<{ id: string; secret?: string }> {
  if ((await store.readReceivers(db)).length >= MOST)
    throw new TailfillError("bad_request", `There are ${MOST} receivers already: remove one that is used no more.`);
  const reach = reachOf(kind, given);
  const secret = kind === "webhook" ? newSecret() : undefined;
  const secrets = { ...reach, ...(secret === undefined ? {} : { signing: [{ secret, untilMs: null }] }) };
  const id = store.newReceiverId(change.nowMs);
  const row = { id, name, kind, shown: shownOf(reach), sealed: seal(secrets, id, appSecret()) };
  await unlessTaken("receiver", name, () => store.insertReceiver(db, row, change));
  return secret === undefined ? { id } : { id, secret };
}

/** Changes what is given; the kind stays. Switching off fails what waits. @throws TailfillError `not_found`, `already_exists`, `bad_request` */
export async function changeReceiver(db: Db, id: string, changes: ReceiverChange): Promise<Answer> {
  const row = await receiverOf(db, id);
  const { url, routingKey, to, ...plain } = changes;
  const moved = resealed(row, { url, routingKey, to });
  const given = Object.fromEntries(Object.entries({ ...plain, ...moved }).filter(([, value]) => value !== undefined));
  await unlessTaken("receiver", plain.name ?? row.name, () =>
    db.$transaction(async (tx) => {
      await store.updateReceiver(tx, row.id, given);
      if (plain.enabled === false) await failWaiting(tx, row.id);
    }),
  );
  return oneReceiver(db, id);
}

function resealed(row: store.ReceiverRow, change: Pick<ReceiverChange, "url" | "routingKey" | "to">) {
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  if (Object.keys(given).length === 0) return {};
  const { signing, ...before } = secretsOf(row);
  const reach = reachOf(row.kind as NewReceiver["kind"], { ...before, ...given });
  const secrets = { ...reach, ...(signing === undefined ? {} : { signing }) };
  return { shown: shownOf(reach), sealed: seal(secrets, row.id, appSecret()) };
}

/**
 * Gives a webhook a new secret. The one before signs besides for a day.
 * @throws TailfillError `not_found`; `bad_request` for a receiver of another kind
 */
export async function rotateSecret(db: Connection, id: string, nowMs: number): Promise<{ secret: string }> {
  const row = await receiverOf(db, id);
  if (row.kind !== "webhook")
    throw new TailfillError("bad_request", "Only a receiver of the kind webhook has a secret.");
  const before = secretsOf(row);
  const secret = newSecret();
  const last = (before.signing ?? []).slice(0, 1).map((one) => ({ ...one, untilMs: nowMs + ROTATION_MS }));
  const sealed = seal({ ...before, signing: [{ secret, untilMs: null }, ...last] }, row.id, appSecret());
  await store.updateReceiver(db, row.id, { sealed });
  return { secret };
}

/** Removes a receiver with its deliveries; rules name it no more. @throws TailfillError `not_found` */
export async function removeReceiver(db: Db, id: string): Promise<void> {
  await store.deleteReceiver(db, (await receiverOf(db, id)).id);
}

/** The secret that seals. @throws TailfillError `bad_setting` without one (`start` gives its children one) */
export function appSecret(): string {
  const { secret } = config();
  if (secret === undefined) throw new TailfillError("bad_setting", "TAILFILL_SECRET is not set.");
  return secret;
}

function secretsOf({ id, sealed }: store.ReceiverRow): Secrets {
  const secrets = unseal(sealed, id, appSecret());
  if (secrets !== null) return secrets;
  const what = "This receiver cannot be read, since TAILFILL_SECRET has changed: remove it, and make it anew.";
  throw new TailfillError("bad_request", what);
}

function answerOf({ id, name, kind, shown, enabled, ...row }: store.ReceiverRow): Answer {
  return {
    id,
    name,
    kind: kind as Answer["kind"],
    url: shown,
    enabled,
    offReason: row.offReason as Answer["offReason"],
    offAt: iso(row.offAtMs),
    failingSince: iso(row.failingSinceMs),
    createdAt: iso(row.createdAtMs)!,
    createdBy: row.createdBy,
  };
}
