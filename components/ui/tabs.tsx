"use client";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { classes } from "./classes";

export interface Tab {
  href: string;
  label: string;
}

/** Pages of one subject side by side; each tab is a page of its own with its own address. */
export function Tabs({ label, tabs }: { label: string; tabs: readonly Tab[] }) {
  const path = usePathname();
  return (
    <nav aria-label={label} className="mb-5 flex gap-1 overflow-x-auto border-b border-line">
      {tabs.map((tab) => {
        const here = path === tab.href;
        return (
          <Link
            key={tab.href}
            href={tab.href}
            aria-current={here ? "page" : undefined}
            className={classes(
              "-mb-px border-b-2 px-3 pt-1 pb-2 text-table whitespace-nowrap",
              here ? "border-accent font-medium text-text" : "border-transparent text-muted hover:text-text",
            )}
          >
            {tab.label}
          </Link>
        );
      })}
    </nav>
  );
}
