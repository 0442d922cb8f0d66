import { shownShort } from "@/components/format/shown";
import type { AlertAnswer } from "@/lib/query/alert-answer-schemas";
import { seenWords, type Seen } from "../seen-words";

type Line = AlertAnswer<"AlertIncident">["timeline"][number];

/** What receivers are told, in words. */
export const EVENT_WORDS: Record<string, string> = {
  "incident.opened": "that it fires",
  "incident.updated": "that more fires",
  "incident.repeated": "that it still fires",
  "incident.resolved": "that it is over",
  "incident.acknowledged": "that somebody looks after it",
};

/** Why something resolved. Only `ok` says that it is well. */
export const REASON_WORDS: Record<string, string> = {
  ok: "well again",
  no_data: "no data any more, which does not say that it is well",
  missing: "no longer among what the rule is about",
  rule_changed: "its rule was switched off",
  rule_removed: "its rule was removed",
};

interface Detail {
  about?: { method?: string; route?: string; user?: string };
  observed?: Seen;
  reason?: string;
  by?: string;
  type?: string;
  receivers?: number;
  told?: boolean;
}

/** One line of an incident's timeline as a sentence without a full stop. */
export function timelineWords({ kind, detail }: Line): string {
  const { about, observed = null, reason = "", by = "", type = "", receivers = 0, told } = detail as Detail;
  const what = aboutWords(about);
  switch (kind) {
    case "fired":
      return `${what} fired${valueWords(observed)}`;
    case "resolved":
      return `${what} resolved: ${REASON_WORDS[reason] ?? reason}${reason === "ok" ? valueWords(observed) : ""}`;
    case "muted":
      return `${what} is muted by ${shownShort(by, 80)}`;
    case "unmuted":
      return `${what} is no longer muted`;
    case "told":
      return receivers === 0
        ? "Nobody to tell: no receiver is named"
        : `Told ${receivers === 1 ? "1 receiver" : `${receivers} receivers`} ${EVENT_WORDS[type] ?? type}`;
    case "acknowledged":
      return `Acknowledged by ${shownShort(by, 80)}`;
    case "closed":
      return told === false ? "Over, before anybody was told" : "Over";
    default:
      return kind;
  }
}

function aboutWords(about: Detail["about"]): string {
  if (about?.user !== undefined) return `User ${shownShort(about.user, 60)}`;
  return about?.route === undefined ? "The service" : shownShort(`${about.method} ${about.route}`, 100);
}

function valueWords(seen: Seen): string {
  const { value, threshold } = seenWords(seen);
  if (value === null) return "";
  return threshold === null ? ` at ${value}` : ` at ${value}, threshold ${threshold}`;
}
