import type { ReactNode } from "react";
import { CopyButton } from "@/components/ui/copy-button";
import { ForeignHeading } from "@/components/ui/foreign";
import { PageHeader } from "@/components/ui/page-header";

interface UserHeaderProps {
  user: string;
  /** Service and environment that the page looks at. */
  place: ReactNode;
  /** Controls at the right. */
  children: ReactNode;
}

export function UserHeader({ user, place, children }: UserHeaderProps) {
  const note = (
    <span className="inline-flex items-baseline gap-1">
      <span>user{place !== "" && <>, {place}</>}</span>
      <CopyButton label="Copy the user's id" text={user} />
    </span>
  );
  return (
    <PageHeader title={<ForeignHeading text={user} />} note={note}>
      {children}
    </PageHeader>
  );
}
