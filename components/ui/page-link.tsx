"use client";
import Link, { useLinkStatus } from "next/link";
import type { ComponentProps } from "react";

/** A link to a page that is read when it is asked for, and not before. While that takes long, a line says so. */
export function PageLink({ children, ...rest }: Omit<ComponentProps<typeof Link>, "prefetch">) {
  return (
    <Link prefetch={false} {...rest}>
      {children}
      <Progress />
    </Link>
  );
}

/** At the top of the window; an answer that comes at once shows none. */
function Progress() {
  const { pending } = useLinkStatus();
  if (!pending) return null;
  return (
    <span role="status" aria-label="Loading" className="fixed inset-x-0 top-0 z-50 h-0.5 animate-late overflow-hidden">
      <span className="block h-full w-1/3 animate-sweep bg-accent" />
    </span>
  );
}
