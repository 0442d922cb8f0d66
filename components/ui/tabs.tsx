"use client";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useEffect, useRef } from "react";
import { classes } from "./classes";

export interface Tab {
  href: string;
  label: string;
  /** Whether a path belongs to this tab; without it, only its own. */
  holds?: (path: string) => boolean;
}

/** Pages of one subject side by side; each tab is a page of its own with its own address. */
export function Tabs({ label, tabs }: { label: string; tabs: readonly Tab[] }) {
  const path = usePathname();
  const here = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    // Where not all have room, the one that is open is in sight.
    here.current?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [path]);
  return (
    <nav
      aria-label={label}
      className="mb-5 flex gap-1 overflow-x-auto border-b border-line [scrollbar-width:none] max-phone:mask-[linear-gradient(to_right,black_calc(100%-40px),transparent)]"
    >
      {tabs
        .map((tab) => ({ ...tab, isHere: tab.holds?.(path) ?? path === tab.href }))
        .map((tab) => (
          <Link
            key={tab.href}
            ref={tab.isHere ? here : null}
            href={tab.href}
            aria-current={path === tab.href ? "page" : tab.isHere ? "true" : undefined}
            className={classes(
              "-mb-px flex items-center border-b-2 px-3 pt-1 pb-2 text-table whitespace-nowrap last:mr-10 phone:last:mr-0 touch:min-h-11",
              tab.isHere ? "border-accent font-medium text-text" : "border-transparent text-muted hover:text-text",
            )}
          >
            {tab.label}
          </Link>
        ))}
    </nav>
  );
}
