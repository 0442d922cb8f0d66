import { Foreign } from "@/components/ui/foreign";
import { Method } from "@/components/ui/method";

interface AboutProps {
  endpoint: { method: string; route: string } | null;
  user: string | null;
  /** What it is when it is neither. */
  whole: string;
}

/** What a series is about: an endpoint, a user, or all of a service. */
export function About({ endpoint, user, whole }: AboutProps) {
  if (user !== null)
    return (
      <span className="inline-flex min-w-0 max-w-full items-baseline gap-1">
        <span className="text-muted">user</span>
        <span className="min-w-0 truncate font-mono text-small">
          <Foreign text={user} />
        </span>
      </span>
    );
  if (endpoint === null) return <span className="text-muted">{whole}</span>;
  return (
    <span className="inline-flex min-w-0 max-w-full items-baseline">
      <Method name={endpoint.method} />
      <span className="min-w-0 truncate">
        <Foreign text={endpoint.route} />
      </span>
    </span>
  );
}
