"use client";
import { useEffect, useState } from "react";
import { formatAge } from "@/components/format/duration";
import { classes } from "@/components/ui/classes";

interface LiveBadgeProps {
  live: boolean;
  /** When the answer on the page was read, Unix ms. */
  updatedAt: number;
  failed: boolean;
}

/** Whether the page keeps up by itself, and how old its figures are. */
export function LiveBadge({ live, updatedAt, failed }: LiveBadgeProps) {
  const now = useNow();
  const age = now === null ? "" : `${formatAge(now - updatedAt)} ago`;
  const state = failed ? "not reached, figures of" : live ? "live," : "fixed range, read";
  return (
    <span className="inline-flex min-w-24 items-center gap-1.5 text-small whitespace-nowrap text-muted figures">
      <i className={classes("size-[7px] rounded-full", failed ? "bg-server" : live ? "bg-fill" : "bg-ok")} />
      {state} {age}
    </span>
  );
}

/** Now, once a second while the page is visible; `null` until the browser has taken over from the server. */
function useNow(): number | null {
  const [now, setNow] = useState<number | null>(null);
  useEffect(() => {
    const tick = () => !document.hidden && setNow(Date.now());
    tick();
    const timer = setInterval(tick, 1_000);
    document.addEventListener("visibilitychange", tick);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", tick);
    };
  }, []);
  return now;
}
