import { type EventRow, insertEvents } from "../store/alert-events.ts";
import { type IncidentRow, newIncident, openIncidents, writeIncidents } from "../store/alert-incidents.ts";
import {
  addToTimeline,
  type MemberRow,
  readMembers,
  type TimelineRow,
  writeMembers,
  writeSpans,
} from "../store/alert-members.ts";
import type { Connection } from "../store/db.ts";
import { uuid7 } from "../store/uuid7.ts";
import { memberKey } from "./state-rows.ts";
import type { Stepped } from "./step.ts";
import type { StoredRule } from "./rule.ts";
import type { About } from "./subject.ts";

/** An open incident with its members. */
export interface OpenBook {
  incident: IncidentRow;
  /** By `memberKey`. */
  members: Map<string, MemberRow>;
}

/** The open incidents of a transaction, and what has changed about them. */
export class IncidentBook {
  private readonly timeline: TimelineRow[] = [];
  private readonly touched = new Map<string, MemberRow>();
  /** Members as they were before they fired again. */
  private readonly before: MemberRow[] = [];
  private readonly changed = new Map<string, IncidentRow>();
  private readonly events: EventRow[] = [];
  /** In which incident a series is, by `memberKey`. */
  private readonly owners = new Map<string, OpenBook>();
  private readonly byGroup: Map<string, OpenBook>;

  private constructor(
    private readonly tx: Connection,
    books: readonly OpenBook[],
    private readonly nowMs: number,
  ) {
    this.byGroup = new Map(books.map((book) => [book.incident.groupKey, book]));
    for (const book of books) for (const key of book.members.keys()) this.owners.set(key, book);
  }

  static async open(tx: Connection, nowMs: number): Promise<IncidentBook> {
    const incidents = await openIncidents(tx);
    const byId = new Map(
      incidents.map((incident) => [incident.id, { incident, members: new Map<string, MemberRow>() }]),
    );
    for (const member of await readMembers(tx, [...byId.keys()]))
      byId.get(member.incidentId)!.members.set(memberKey(member.ruleId, member.series), member);
    return new IncidentBook(tx, [...byId.values()], nowMs);
  }

  get open(): OpenBook[] {
    return [...this.byGroup.values()];
  }

  /** Notes what became of a series in the incident that it belongs to; the first that fires of a group opens one. */
  note(stepped: Stepped): void {
    const { series, rule, change } = stepped;
    if (change !== null && "fired" in change) this.noteFired(rule!, stepped);
    const member = this.memberOf(series.ruleId, series.subject.key);
    if (member === undefined || member.resolvedAtMs !== null) return;
    const { observed, state } = series.state;
    this.touch({ ...member, observed: observed ?? member.observed, recovering: state === "recovering" });
    if (change !== null && "resolved" in change) this.noteResolved(member, change.resolved);
  }

  private noteFired(rule: StoredRule, { series }: Stepped): void {
    const { about, key } = series.subject;
    const book = this.bookFor(rule, about);
    const { incident } = book;
    const last = this.memberOf(rule.id, key);
    if (last?.incidentId === incident.id) this.before.push(last);
    this.owners.set(memberKey(rule.id, key), book);
    const { observed } = series.state;
    const fresh = { incidentId: incident.id, ruleId: rule.id, series: key, about, observed, firedAtMs: this.nowMs };
    this.touch({ ...fresh, resolvedAtMs: null, reason: null, mutedBy: null, recovering: false });
    this.say(incident.id, "fired", { rule: rule.rule.name, about, observed });
    series.incidentId = incident.id;
  }

  private noteResolved(member: MemberRow, reason: string): void {
    const now = this.memberOf(member.ruleId, member.series)!;
    this.touch({ ...now, resolvedAtMs: this.nowMs, reason, mutedBy: null, recovering: false });
    this.say(member.incidentId, "resolved", { about: now.about, observed: now.observed, reason });
  }

  private bookFor(rule: StoredRule, about: About): OpenBook {
    const groupKey = groupKeyOf(rule, about);
    const known = this.byGroup.get(groupKey);
    if (known !== undefined) return known;
    const { name, service, environment, groupWaitSeconds, groupIntervalSeconds, repeatSeconds } = rule.rule;
    const timing = { waitSeconds: groupWaitSeconds, intervalSeconds: groupIntervalSeconds, repeatSeconds };
    const names = {
      groupKey,
      ruleId: rule.id,
      ruleName: name,
      severity: severityOf(rule, about),
      service,
      environment,
    };
    const id = uuid7(this.nowMs);
    const incident = newIncident({ id, ...names, openedAtMs: this.nowMs, ...timing });
    this.changed.set(id, incident);
    const book = { incident, members: new Map<string, MemberRow>() };
    this.byGroup.set(groupKey, book);
    return book;
  }

  private memberOf(ruleId: string, series: string): MemberRow | undefined {
    const key = memberKey(ruleId, series);
    return this.owners.get(key)?.members.get(key);
  }

  touch(member: MemberRow): void {
    const key = memberKey(member.ruleId, member.series);
    this.owners.get(key)!.members.set(key, member);
    this.touched.set(`${member.incidentId} ${key}`, member);
  }

  say(incidentId: string, kind: string, detail: unknown): void {
    this.timeline.push({ incidentId, atMs: this.nowMs, kind, detail });
  }

  change(
    incident: IncidentRow,
    change: Partial<Pick<IncidentRow, "resolvedAtMs" | "toldAtMs" | "told" | "receivers">>,
  ): void {
    this.changed.set(incident.id, Object.assign(incident, change));
  }

  tell(event: EventRow): void {
    this.events.push(event);
  }

  /** Everything at once: of hundreds of incidents, a statement each would take longer than a round may. */
  async write(): Promise<void> {
    await writeIncidents(this.tx, [...this.changed.values()]);
    await insertEvents(this.tx, this.events);
    await writeSpans(this.tx, this.before);
    await writeMembers(this.tx, [...this.touched.values()]);
    await addToTimeline(this.tx, this.timeline);
  }
}

export function severityOf({ rule }: StoredRule, about: About): "page" | "ticket" {
  return rule.kind === "burn_rate" ? (about.severity ?? "page") : rule.severity;
}

/** What shares an incident: the series of a rule, or of all rules of a group, of one severity. */
export function groupKeyOf(stored: StoredRule, about: About): string {
  const { group } = stored.rule;
  const who = group === undefined ? `rule ${stored.id}` : `group ${group}`;
  return `${who} ${severityOf(stored, about)}`;
}
