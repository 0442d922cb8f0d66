import {
  Bell,
  CircleCheck,
  CircleDashed,
  CircleHelp,
  CirclePause,
  Clock,
  TrendingDown,
  UserCheck,
  type LucideIcon,
} from "lucide-react";
import { classes } from "@/components/ui/classes";

type State =
  "firing" | "recovering" | "pending" | "no_data" | "ok" | "off" | "waiting" | "acknowledged" | "resolved" | "muted";

const LOOKS: Record<State, [text: string, icon: LucideIcon, colour: string, words: string]> = {
  firing: ["Firing", Bell, "bg-bad-soft text-server", "It breaches"],
  recovering: [
    "Recovering",
    TrendingDown,
    "bg-warn-soft text-text",
    "It is well again, and has not been for long enough",
  ],
  pending: ["Pending", Clock, "bg-warn-soft text-text", "It breaches, and has not for long enough"],
  no_data: ["No data", CircleHelp, "bg-sunken text-muted", "Too few requests, or none: nobody can tell"],
  ok: ["OK", CircleCheck, "bg-fill-soft text-fill", "All is well"],
  off: ["Off", CirclePause, "bg-sunken text-muted", "It is switched off"],
  waiting: ["Waiting", CircleDashed, "bg-sunken text-muted", "Nothing was judged yet"],
  acknowledged: ["Acknowledged", UserCheck, "bg-accent-soft text-accent", "It fires, and somebody looks after it"],
  resolved: ["Resolved", CircleCheck, "bg-fill-soft text-fill", "It is over"],
  muted: ["Muted", CirclePause, "bg-sunken text-muted", "It fires, and nobody is told"],
};

/** A state by word, sign and colour. */
export function StateBadge({ state }: { state: State }) {
  const [text, Icon, colour, words] = LOOKS[state];
  return (
    <span
      title={words}
      className={classes(
        "inline-flex items-center gap-1 rounded-md px-1.5 py-0.5 text-small font-medium whitespace-nowrap",
        colour,
      )}
    >
      <Icon size={12} aria-hidden />
      {text}
    </span>
  );
}

/** Whether somebody is woken for it. */
export function SeverityWord({ severity }: { severity: "page" | "ticket" }) {
  return (
    <span
      title={severity === "page" ? "Somebody has to look at once" : "Somebody has to look within days"}
      className={classes("text-small", severity === "page" ? "font-medium text-text" : "text-muted")}
    >
      {severity === "page" ? "Page" : "Ticket"}
    </span>
  );
}
