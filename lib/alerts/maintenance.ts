import type { z } from "zod";
import { TailfillError } from "../errors.ts";
import type { AlertAnswer } from "../query/alert-answer-schemas.ts";
import { type MAINTENANCE_CHANGE, type NEW_MAINTENANCE, timeProblems } from "../query/alert-mute-schemas.ts";
import {
  deleteMaintenance,
  findMaintenance,
  insertMaintenance,
  type MaintenanceRow,
  readMaintenance,
  updateMaintenance,
} from "../store/alert-mutes.ts";
import type { Connection } from "../store/db.ts";
import { isMaintained, type Maintenance } from "./mute.ts";
import { type Change, iso, unlessTaken, UUID } from "./rules.ts";

type Answer = AlertAnswer<"AlertMaintenance">;
type Window = Omit<MaintenanceRow, "id" | "createdAtMs" | "createdBy">;

export async function listMaintenance(db: Connection, nowMs: number): Promise<Answer[]> {
  return (await readMaintenance(db)).map((row) => answerOf(row, nowMs));
}

/** @throws TailfillError `bad_request` for bad times, `already_exists` when the name is taken */
export async function createMaintenance(
  db: Connection,
  input: z.output<typeof NEW_MAINTENANCE>,
  change: Change,
): Promise<string> {
  const window = checked(windowOf(input));
  return unlessTaken("maintenance", window.name, () => insertMaintenance(db, window, change));
}

/** Changes what is given. @throws TailfillError `not_found`, `bad_request`, `already_exists` */
export async function changeMaintenance(
  db: Connection,
  id: string,
  { changes, nowMs }: { changes: z.output<typeof MAINTENANCE_CHANGE>; nowMs: number },
): Promise<Answer> {
  const before = answerOf(await maintenanceOf(db, id), nowMs);
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  const window = checked(windowOf({ ...before, ...given } as z.output<typeof NEW_MAINTENANCE>));
  await unlessTaken("maintenance", window.name, () => updateMaintenance(db, id, window));
  return answerOf(await maintenanceOf(db, id), nowMs);
}

/** @throws TailfillError `not_found` */
export async function removeMaintenance(db: Connection, id: string): Promise<void> {
  await maintenanceOf(db, id);
  await deleteMaintenance(db, id);
}

async function maintenanceOf(db: Connection, id: string): Promise<MaintenanceRow> {
  const row = UUID.test(id) ? await findMaintenance(db, id) : null;
  if (row === null) throw new TailfillError("not_found", "There is no maintenance of this id.");
  return row;
}

function windowOf({ name, matcher, from, to, repeats, until }: z.output<typeof NEW_MAINTENANCE>): Window {
  const times = { fromMs: Date.parse(from), toMs: Date.parse(to), untilMs: until === null ? null : Date.parse(until) };
  return { name, matcher, repeats, ...times };
}

function checked(window: Window): Window {
  const problems = timeProblems({ ...window, repeats: window.repeats as Maintenance["repeats"] });
  if (problems.length > 0) throw new TailfillError("bad_request", problems.join(" "));
  return window;
}

function answerOf(row: MaintenanceRow, nowMs: number): Answer {
  const { id, name, fromMs, toMs, untilMs, createdAtMs, createdBy } = row;
  const times = { from: iso(fromMs)!, to: iso(toMs)!, until: iso(untilMs), createdAt: iso(createdAtMs)! };
  const words = { matcher: row.matcher as Answer["matcher"], repeats: row.repeats as Answer["repeats"] };
  return { id, name, ...words, ...times, isOn: isMaintained({ ...row, ...words }, nowMs), createdBy };
}
