"use client";
import Link from "next/link";
import { useAnswer } from "@/components/data/use-answer";
import { viewSearch } from "@/components/range/view";
import { useView } from "@/components/range/use-view";
import type { UserSearchAnswer } from "@/lib/query/answers";

const MOST = 8;

/** Users whose id begins with what is searched, beside the endpoints that are found. */
export function FoundUsers({ text }: { text: string }) {
  const { view } = useView();
  const search = new URLSearchParams({ search: text, limit: String(MOST) });
  if (view.service !== "") search.set("service", view.service);
  const { answer } = useAnswer<UserSearchAnswer>({ path: "/data/users", search: search.toString() });
  if (!answer || answer.users.length === 0) return null;
  return (
    <p className="flex flex-wrap gap-x-3 gap-y-1 px-4 pb-2 text-table">
      <span className="text-muted">Users:</span>
      {answer.users.map(({ user, service }) => (
        <Link
          key={`${service}\n${user}`}
          href={`/users/${encodeURIComponent(user)}${viewSearch({ ...view, service })}`}
          prefetch={false}
          className="max-w-60 truncate font-medium hover:underline"
          title={`${user}, ${service}`}
        >
          {user}
        </Link>
      ))}
    </p>
  );
}
