import type { z } from "zod";
import { TailfillError } from "../errors.ts";
import type { AlertAnswer } from "../query/alert-answer-schemas.ts";
import { type NEW_SILENCE, type SILENCE_CHANGE, timeProblems } from "../query/alert-mute-schemas.ts";
import {
  deleteSilence,
  findSilence,
  insertSilence,
  readSilences,
  type SilenceRow,
  updateSilence,
} from "../store/alert-mutes.ts";
import type { Connection } from "../store/db.ts";
import { type Change, iso, UUID } from "./rules.ts";

type Answer = AlertAnswer<"AlertSilence">;

/** How long a silence that is over is still listed. */
const LISTED_MS = 7 * 86_400_000;

/** Silences that are on or to come, and those that ended in the last week. */
export async function listSilences(db: Connection, nowMs: number): Promise<Answer[]> {
  return (await readSilences(db, nowMs - LISTED_MS)).map((row) => answerOf(row, nowMs));
}

/** @throws TailfillError `bad_request` when it does not end after its start */
export async function createSilence(
  db: Connection,
  { matcher, reason, from, to }: z.output<typeof NEW_SILENCE>,
  change: Change,
): Promise<string> {
  const times = { fromMs: from === undefined ? change.nowMs : Date.parse(from), toMs: Date.parse(to) };
  return insertSilence(db, { matcher, reason, ...checked(times) }, change);
}

/** Changes what is given. A silence ends early when its `to` is now. @throws TailfillError `not_found`, `bad_request` */
export async function changeSilence(
  db: Connection,
  id: string,
  { changes, nowMs }: { changes: z.output<typeof SILENCE_CHANGE>; nowMs: number },
): Promise<Answer> {
  const row = await silenceOf(db, id);
  const { from, to, matcher = row.matcher, reason = row.reason } = changes;
  const times = {
    fromMs: from === undefined ? row.fromMs : Date.parse(from),
    toMs: to === undefined ? row.toMs : Date.parse(to),
  };
  await updateSilence(db, id, { matcher, reason, ...checked(times) });
  return answerOf(await silenceOf(db, id), nowMs);
}

/** @throws TailfillError `not_found` */
export async function removeSilence(db: Connection, id: string): Promise<void> {
  await silenceOf(db, id);
  await deleteSilence(db, id);
}

async function silenceOf(db: Connection, id: string): Promise<SilenceRow> {
  const row = UUID.test(id) ? await findSilence(db, id) : null;
  if (row === null) throw new TailfillError("not_found", "There is no silence of this id.");
  return row;
}

function checked(times: { fromMs: number; toMs: number }): { fromMs: number; toMs: number } {
  const problems = timeProblems({ ...times, repeats: "once" });
  if (problems.length > 0) throw new TailfillError("bad_request", problems.join(" "));
  return times;
}

function answerOf({ id, matcher, reason, fromMs, toMs, createdAtMs, createdBy }: SilenceRow, nowMs: number): Answer {
  const state = nowMs < fromMs ? "waiting" : nowMs < toMs ? "on" : "over";
  const times = { from: iso(fromMs)!, to: iso(toMs)!, createdAt: iso(createdAtMs)! };
  return { id, matcher: matcher as Answer["matcher"], reason, state, createdBy, ...times };
}
