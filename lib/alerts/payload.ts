import type { IncidentRow } from "../store/alert-incidents.ts";
import type { MemberCounts, MemberRow } from "../store/alert-members.ts";
import type { Observed } from "./evaluation.ts";
import { badnessOf, seenOf } from "./seen.ts";
import { stoppedOf } from "./stopped-payload.ts";
import type { About } from "./subject.ts";
import type { Surroundings } from "./surroundings.ts";

export type EventType =
  "incident.opened" | "incident.updated" | "incident.repeated" | "incident.resolved" | "incident.acknowledged";

interface Told {
  type: EventType;
  atMs: number;
  incident: IncidentRow;
  members: readonly MemberRow[];
  surroundings: Surroundings;
  /** What to do about it, as the rule says. */
  note: string | null;
  /** Where tailfill is reached, without a slash at the end. */
  publicUrl: string;
}

/** Members that an event lists; how many there are is told besides. */
const MOST_MEMBERS = 20;

/** An event as receivers get it, in our own form: other forms are made of this. Pure. Below 20 kB with names of usual length. */
export function payloadOf(told: Told) {
  const { type, atMs, incident, members, surroundings, note, publicUrl } = told;
  const { worstFirst, lead } = leadOf(members);
  return {
    type,
    timestamp: iso(atMs),
    data: {
      incident: incidentOf(incident),
      service: incident.service,
      environment: incident.environment,
      observed: lead === undefined ? null : seenOf(observedOf(lead)),
      endpoint: endpointOf(lead),
      user: lead === undefined ? null : ((lead.about as About).user ?? null),
      counts: countsOf(members),
      members: worstFirst.slice(0, MOST_MEMBERS).map(memberOf),
      endpoints: surroundings.endpoints.map((endpoint) => ({
        ...endpoint,
        url: `${publicUrl}/endpoints/${endpoint.id}`,
      })),
      users: surroundings.users,
      stopped: stoppedOf({ incident, members: worstFirst, atMs, publicUrl }),
      note,
      url: `${publicUrl}/alerts/incidents/${incident.id}`,
    },
  };
}

/** Members, those first that fire at this moment and are not muted, then by how bad they are; and the one that stands for all. */
export function leadOf(members: readonly MemberRow[]) {
  const rank = ({ resolvedAtMs, recovering, mutedBy }: MemberRow) =>
    resolvedAtMs !== null ? 3 : recovering ? 2 : mutedBy !== null ? 1 : 0;
  const worstFirst = [...members].sort(
    (a, b) => rank(a) - rank(b) || badnessOf(observedOf(b)) - badnessOf(observedOf(a)),
  );
  return { worstFirst, lead: worstFirst[0] };
}

export function countsOf(members: readonly MemberRow[]): MemberCounts {
  const firing = members.filter(({ resolvedAtMs }) => resolvedAtMs === null);
  const muted = firing.filter(({ mutedBy }) => mutedBy !== null);
  const recovering = firing.filter((member) => member.recovering);
  return {
    firing: firing.length,
    recovering: recovering.length,
    muted: muted.length,
    resolved: members.length - firing.length,
  };
}

export type MemberState = "firing" | "recovering" | "resolved";

export function memberState({ resolvedAtMs, recovering }: MemberRow): MemberState {
  if (resolvedAtMs !== null) return "resolved";
  return recovering ? "recovering" : "firing";
}

export type EventPayload = ReturnType<typeof payloadOf>;

const observedOf = ({ observed }: MemberRow): Observed | null => observed as Observed | null;
const iso = (ms: number): string => new Date(ms).toISOString();
const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));

function incidentOf({ id, ruleId, ruleName, severity, ...times }: IncidentRow) {
  return {
    id,
    rule: ruleName,
    ruleId,
    severity,
    state: stateOf(times),
    openedAt: iso(times.openedAtMs),
    resolvedAt: isoOrNull(times.resolvedAtMs),
    acknowledgedAt: isoOrNull(times.acknowledgedAtMs),
    acknowledgedBy: times.acknowledgedBy,
  };
}

export type IncidentState = "firing" | "acknowledged" | "resolved";

export function stateOf({
  resolvedAtMs,
  acknowledgedAtMs,
}: Pick<IncidentRow, "resolvedAtMs" | "acknowledgedAtMs">): IncidentState {
  if (resolvedAtMs !== null) return "resolved";
  return acknowledgedAtMs === null ? "firing" : "acknowledged";
}

function endpointOf(member: MemberRow | undefined): { method: string; route: string } | null {
  const { method, route } = (member?.about ?? {}) as About;
  return method === undefined || route === undefined ? null : { method, route };
}

function memberOf(member: MemberRow) {
  const { user = null } = member.about as About;
  return {
    endpoint: endpointOf(member),
    user,
    state: memberState(member),
    observed: seenOf(observedOf(member)),
    firedAt: iso(member.firedAtMs),
    resolvedAt: isoOrNull(member.resolvedAtMs),
    reason: member.reason,
    mutedBy: member.mutedBy,
  };
}
