import { TraceId } from "@/components/statements/trace-id";
import { UserLink } from "@/components/user/user-link";

interface AskedByProps {
  user: string | null;
  traceId: string | null;
  /** What links take along, as `?from=…`. */
  search: string;
}

/** Whose request it was. */
export function AskedBy({ user, traceId, search }: AskedByProps) {
  if (user === null && traceId === null) return null;
  return (
    <span className="block">
      {user !== null && (
        <>
          for user <UserLink user={user} search={search} />
        </>
      )}
      {traceId !== null && <TraceId id={traceId} />}
    </span>
  );
}
