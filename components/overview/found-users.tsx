"use client";
import { useSearchParams } from "next/navigation";
import { useAnswer } from "@/components/data/use-answer";
import { keptSearch } from "@/components/range/kept-search";
import { Foreign } from "@/components/ui/foreign";
import { PageLink } from "@/components/ui/page-link";
import { userAddress } from "@/components/user/user-search";
import type { UserSearchAnswer } from "@/lib/query/answers";

const MOST = 8;
/** Ids are kept up to this length. */
const LONGEST = 256;

interface FoundUsersProps {
  text: string;
  /** Said when there is none; without it nothing is. */
  none?: string;
  className?: string;
}

/** Users whose id begins with what is searched. */
export function FoundUsers({ text, none, className }: FoundUsersProps) {
  const kept = useSearchParams();
  const chosen = kept.get("service") ?? "";
  const search = new URLSearchParams({ search: text.slice(0, LONGEST), limit: String(MOST) });
  if (chosen !== "") search.set("service", chosen);
  const { answer } = useAnswer<UserSearchAnswer>({ path: "/data/users", search: search.toString() });
  if (!answer) return null;
  if (answer.users.length === 0) return none && <p className="text-table text-muted">{none}</p>;
  return (
    <p className={`flex flex-wrap items-center gap-x-3 gap-y-1 text-table ${className ?? ""}`}>
      <span className="text-muted">Users:</span>
      {answer.users.map(({ user, service }) => (
        <PageLink
          key={`${service}\n${user}`}
          href={userAddress(user, keptSearch(kept, { service }))}
          className="max-w-60 truncate touch:leading-11 font-medium hover:underline"
        >
          <Foreign text={user} />
        </PageLink>
      ))}
      {answer.users.length === MOST && <span className="text-muted">and perhaps more: type on</span>}
    </p>
  );
}
