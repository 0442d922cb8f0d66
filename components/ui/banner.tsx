import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { classes } from "./classes";

export type Tone = "info" | "good" | "warn" | "bad";

const TONES = {
  info: ["bg-accent-soft", "text-accent", Info],
  good: ["bg-fill-soft", "text-fill", CircleCheck],
  warn: ["bg-warn-soft", "text-text", TriangleAlert],
  bad: ["bg-bad-soft", "text-server", CircleAlert],
} as const;

interface BannerProps {
  tone?: Tone;
  title?: ReactNode;
  children?: ReactNode;
  /** Buttons at the right. */
  actions?: ReactNode;
}

/** Says what happened, what was kept, what to do. */
export function Banner({ tone = "info", title, children, actions }: BannerProps) {
  const [background, colour, Icon] = TONES[tone];
  return (
    <div
      role={tone === "bad" ? "alert" : "status"}
      className={classes("flex flex-wrap items-start gap-x-3 gap-y-2 rounded-lg px-4 py-2.5 text-table", background)}
    >
      <Icon size={16} aria-hidden className={classes("mt-0.5 shrink-0", colour)} />
      <div className="min-w-0 flex-1">
        {title !== undefined && <span className="font-semibold">{title} </span>}
        {children}
      </div>
      {actions}
    </div>
  );
}
