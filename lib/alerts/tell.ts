import type { MemberRow } from "../store/alert-members.ts";
import type { Db } from "../store/db.ts";
import { uuid7 } from "../store/uuid7.ts";
import { decideGroup, stillTold, type Telling } from "./group.ts";
import type { IncidentBook, OpenBook } from "./incident-book.ts";
import { type Mutes, mutedBy } from "./mute.ts";
import { type EventType, payloadOf } from "./payload.ts";
import type { StoredRule } from "./rule.ts";
import { memberKey } from "./state-rows.ts";
import { type About } from "./subject.ts";
import { type LookingAround, surroundingsOf } from "./surroundings.ts";

export interface TellContext {
  /** For questions about what surrounds an incident: in the round's transaction they could spoil it. */
  db: Db;
  book: IncidentBook;
  /** By id, those that are switched off too. */
  rules: ReadonlyMap<string, StoredRule>;
  mutes: Mutes;
  nowMs: number;
  /** The time of the last evaluation. */
  atMs: number;
  publicUrl: string;
  time: LookingAround;
}

/** Mutes, tells and closes every open incident that is due. */
export async function tellIncidents(context: TellContext): Promise<void> {
  for (const open of context.book.open) {
    muteMembers(open, context);
    const members = [...open.members.entries()].map(([key, member]) => ({
      key,
      firing: member.resolvedAtMs === null,
      muted: member.mutedBy !== null,
    }));
    const told = stillTold(open.incident.told, members);
    if (told.length < open.incident.told.length) context.book.change(open.incident, { told });
    const { tell, closes } = decideGroup(open.incident, members, context.nowMs);
    if (closes) close(open, context);
    if (tell !== null) await write(open, tell, context);
  }
}

function muteMembers({ incident, members }: OpenBook, { book, mutes, rules, nowMs }: TellContext): void {
  for (const member of members.values()) {
    if (member.resolvedAtMs !== null) continue;
    const ruleName = rules.get(member.ruleId)?.rule.name ?? incident.ruleName;
    const by = mutedBy(mutes, { ruleName, about: member.about as About }, nowMs);
    if (by === member.mutedBy) continue;
    book.touch({ ...member, mutedBy: by });
    book.say(incident.id, by === null ? "unmuted" : "muted", { about: member.about, by: by ?? member.mutedBy });
  }
}

function close({ incident }: OpenBook, { book, nowMs }: TellContext): void {
  book.change(incident, { resolvedAtMs: nowMs });
  book.say(incident.id, "closed", { told: incident.toldAtMs !== null });
}

const isAudible = ({ resolvedAtMs, mutedBy: by }: MemberRow): boolean => resolvedAtMs === null && by === null;

/** Writes the event beside what it tells of: both are committed, or neither is. */
async function write(open: OpenBook, tell: Telling, context: TellContext): Promise<void> {
  const { db, book, nowMs, atMs, publicUrl, time } = context;
  const { incident } = open;
  const members = [...open.members.values()];
  const audible = members.filter(isAudible);
  const receivers = receiversOf(open, audible, context);
  book.change(incident, {
    toldAtMs: nowMs,
    told: audible.map(({ ruleId, series }) => memberKey(ruleId, series)),
    receivers: [...new Set([...incident.receivers, ...receivers])],
  });
  const type: EventType = `incident.${tell}`;
  const surroundings = await surroundingsOf(db, tell === "resolved" ? members : audible, { atMs, time });
  const note = context.rules.get(incident.ruleId)?.rule.note ?? null;
  const payload = payloadOf({ type, atMs: nowMs, incident, members, surroundings, note, publicUrl });
  const id = uuid7(nowMs);
  book.tell({ id, incidentId: incident.id, type, atMs: nowMs, receivers, payload });
  book.say(incident.id, "told", { type, event: id, receivers: receivers.length });
}

/** Whom the rules of what fires name; who was told of it before is told of its end, whatever the rules name by now. */
function receiversOf({ incident }: OpenBook, audible: readonly MemberRow[], { rules }: TellContext): string[] {
  const named = audible.flatMap(({ ruleId }) => rules.get(ruleId)?.rule.receivers ?? []);
  return [...new Set(audible.length === 0 ? incident.receivers : named)].sort();
}
