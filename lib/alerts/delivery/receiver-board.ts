import { config } from "../../config.ts";
import type { AlertAnswer } from "../../query/alert-answer-schemas.ts";
import { receiverFigures } from "../../store/alert-receiver-figures.ts";
import { readRuleNames } from "../../store/alert-rules.ts";
import type { Db } from "../../store/db.ts";
import { iso } from "../rules.ts";
import { listReceivers } from "./receivers.ts";

/** A receiver with what people ask of it first: who tells it anything, and whether that arrives. */
export interface BoardReceiver extends AlertAnswer<"AlertReceiver"> {
  /** The rules that name it. */
  rules: { id: string; name: string }[];
  last: { type: string; state: AlertAnswer<"AlertDelivery">["state"]; at: string } | null;
  /** What it was not sent because it was switched off by itself. */
  unsent: number;
}

export interface ReceiverBoard {
  /** Those that need somebody first, then by name. */
  receivers: BoardReceiver[];
  /** Whether this server can send e-mail. */
  mails: boolean;
}

export async function receiverBoard(db: Db): Promise<ReceiverBoard> {
  const [receivers, figures, rules] = await Promise.all([listReceivers(db), receiverFigures(db), readRuleNames(db)]);
  const known = new Map(figures.map((one) => [one.id, one]));
  const board = receivers.map((receiver): BoardReceiver => {
    const { last = null, unsent = 0 } = known.get(receiver.id) ?? {};
    const naming = rules.filter((rule) => rule.receivers.includes(receiver.id));
    return { ...receiver, rules: naming.map(({ id, name }) => ({ id, name })), last: last && lastOf(last), unsent };
  });
  return { receivers: board.sort((a, b) => urgency(a) - urgency(b)), mails: config().smtpUrl !== undefined };
}

function lastOf({ type, state, createdAtMs }: { type: string; state: string; createdAtMs: number }) {
  return { type, state: state as AlertAnswer<"AlertDelivery">["state"], at: iso(createdAtMs)! };
}

const urgency = ({ offReason, failingSince }: BoardReceiver): number =>
  offReason !== null ? 0 : failingSince !== null ? 1 : 2;
