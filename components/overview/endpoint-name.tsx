import { FiringSign } from "@/components/alerts/firing-now";
import { Foreign } from "@/components/ui/foreign";
import { Method } from "@/components/ui/method";
import { PageLink } from "@/components/ui/page-link";
import type { EndpointRow } from "@/lib/query/answers";

interface EndpointNameProps {
  row: EndpointRow;
  several: boolean;
  search: string;
}

/** Method and route; the link covers the whole row. */
export function EndpointName({ row, several, search }: EndpointNameProps) {
  return (
    <PageLink
      href={`/endpoints/${row.id}${search}`}
      className="flex min-w-0 items-baseline after:absolute after:inset-0"
    >
      <Method name={row.method} />
      <span className="min-w-0 truncate font-medium">
        <Foreign text={row.route} />
      </span>
      <FiringSign endpoint={row.id} />
      {several && (
        <span className="ml-2 hidden min-w-0 shrink-[99] truncate text-small text-muted phone:inline">
          <Foreign text={row.service} /> · <Foreign text={row.environment} />
        </span>
      )}
    </PageLink>
  );
}
