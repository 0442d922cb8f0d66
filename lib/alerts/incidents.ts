import { config } from "../config.ts";
import { TailfillError } from "../errors.ts";
import type { AlertAnswer } from "../query/alert-answer-schemas.ts";
import { eventsOf, insertEvents } from "../store/alert-events.ts";
import {
  acknowledgeIncident,
  findIncident,
  type IncidentRow,
  type IncidentWish,
  listIncidents,
} from "../store/alert-incidents.ts";
import { holdingAlertClock } from "../store/alert-clock.ts";
import {
  addToTimeline,
  countMembers,
  type MemberCounts,
  type MemberRow,
  readMembers,
  timelineOf,
  type TimelineRow,
} from "../store/alert-members.ts";
import { findRule } from "../store/alert-rules.ts";
import type { Connection, Db } from "../store/db.ts";
import { uuid7 } from "../store/uuid7.ts";
import type { Observed } from "./evaluation.ts";
import { countsOf, leadOf, memberState, payloadOf, stateOf } from "./payload.ts";
import { type Change, iso, UUID } from "./rules.ts";
import { seenOf } from "./seen.ts";
import { storedRule } from "./stored-rule.ts";
import type { About } from "./subject.ts";

const MOST_LINES = 500;

/** Incidents, the latest first. */
export async function incidentList(db: Connection, wish: IncidentWish): Promise<AlertAnswer<"AlertIncidents">> {
  const rows = await listIncidents(db, { ...wish, limit: wish.limit + 1 });
  const shown = rows.slice(0, wish.limit);
  const counts = await countMembers(
    db,
    shown.map(({ id }) => id),
  );
  const incidents = shown.map((row) =>
    headOf(row, counts.get(row.id) ?? { firing: 0, recovering: 0, muted: 0, resolved: 0 }),
  );
  return { incidents, next: rows.length > wish.limit ? shown.at(-1)!.id : null };
}

/** One incident with its members, and everything that happened. @throws TailfillError `not_found` */
export async function oneIncident(db: Connection, id: string): Promise<AlertAnswer<"AlertIncident">> {
  const row = await incidentOf(db, id);
  const [members, lines, events] = await Promise.all([
    readMembers(db, [id]),
    timelineOf(db, id, MOST_LINES),
    eventsOf(db, id),
  ]);
  return {
    ...headOf(row, countsOf(members)),
    members: leadOf(members).worstFirst.map(memberOf),
    timeline: lines.map(lineOf),
    events: events.map(({ id: event, type, atMs, receivers }) => ({ id: event, type, at: iso(atMs)!, receivers })),
  };
}

/**
 * Notes that somebody looks after an incident: it is repeated no more. Doing so again changes nothing.
 * @throws TailfillError `not_found`; `bad_request` when it is over
 */
export async function acknowledge(db: Db, id: string, { by, nowMs }: Change): Promise<AlertAnswer<"AlertIncident">> {
  await incidentOf(db, id);
  // As rounds do: whoever comes second waits, and sees what the first has done.
  await holdingAlertClock(db, async (tx) => {
    if (!(await acknowledgeIncident(tx, id, { by: by ?? "", nowMs }))) return refuseOver(await incidentOf(tx, id));
    await tellAcknowledged(tx, await incidentOf(tx, id), nowMs);
  });
  return oneIncident(db, id);
}

function refuseOver({ acknowledgedAtMs }: IncidentRow): void {
  if (acknowledgedAtMs === null) throw new TailfillError("bad_request", "The incident is over already.");
}

async function tellAcknowledged(tx: Connection, incident: IncidentRow, nowMs: number): Promise<void> {
  const { id, acknowledgedBy: by, receivers, ruleId } = incident;
  const members = await readMembers(tx, [id]);
  const row = await findRule(tx, ruleId);
  const note = (row === null ? [] : storedRule(row))[0]?.rule.note ?? null;
  const surroundings = { endpoints: [], users: [] };
  const told = { type: "incident.acknowledged", atMs: nowMs, incident, members, surroundings, note } as const;
  const payload = payloadOf({ ...told, publicUrl: config().publicUrl });
  const event = uuid7(nowMs);
  await insertEvents(tx, [{ id: event, incidentId: id, type: told.type, atMs: nowMs, receivers, payload }]);
  await addToTimeline(tx, [{ incidentId: id, atMs: nowMs, kind: "acknowledged", detail: { by, event } }]);
}

async function incidentOf(db: Connection, id: string): Promise<IncidentRow> {
  const row = UUID.test(id) ? await findIncident(db, id) : null;
  if (row === null) throw new TailfillError("not_found", "There is no incident of this id.");
  return row;
}

/** An incident as lists have it. */
export function headOf(row: IncidentRow, counts: MemberCounts): AlertAnswer<"AlertIncidents">["incidents"][number] {
  const { id, ruleId, ruleName: rule, service, environment, acknowledgedBy } = row;
  return {
    id,
    rule,
    ruleId,
    service,
    environment,
    severity: row.severity as "page" | "ticket",
    state: stateOf(row),
    openedAt: iso(row.openedAtMs)!,
    resolvedAt: iso(row.resolvedAtMs),
    acknowledgedAt: iso(row.acknowledgedAtMs),
    acknowledgedBy,
    toldAt: iso(row.toldAtMs),
    counts,
  };
}

type Member = AlertAnswer<"AlertIncident">["members"][number];

export function memberOf(member: MemberRow): Member {
  const { ruleId, series, about, observed, reason, mutedBy, ...times } = member;
  const { user = null } = about as About;
  const endpoint = endpointOf(about as About);
  const told = { observed: seenOf(observed as Observed | null), firedAt: iso(times.firedAtMs)! };
  return {
    ruleId,
    series,
    endpoint,
    user,
    state: memberState(member),
    ...told,
    resolvedAt: iso(times.resolvedAtMs),
    reason: reason as Member["reason"],
    mutedBy,
  };
}

function lineOf({ atMs, kind, detail }: TimelineRow): AlertAnswer<"AlertIncident">["timeline"][number] {
  const { observed, ...rest } = detail as { observed?: Observed | null };
  return { at: iso(atMs)!, kind, detail: observed === undefined ? rest : { ...rest, observed: seenOf(observed) } };
}

/** The endpoint that a series is about; `null`: a whole service, or a user. */
export function endpointOf({ endpointId, method, route }: About): Member["endpoint"] {
  return method === undefined || route === undefined ? null : { id: endpointId!, method, route };
}
