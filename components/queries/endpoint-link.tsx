import { Foreign } from "@/components/ui/foreign";
import { PageLink } from "@/components/ui/page-link";

interface EndpointLinkProps {
  endpoint: { name: string; id: number | null } | null;
  /** What the link takes along, as `?from=…`. */
  search: string;
}

/** An endpoint as statements name it, a link where there is such a page. */
export function EndpointLink({ endpoint, search }: EndpointLinkProps) {
  if (endpoint === null) return <span className="text-muted">not known</span>;
  const name = <Foreign text={endpoint.name} />;
  if (endpoint.id === null) return name;
  return (
    <PageLink href={`/endpoints/${endpoint.id}${search}`} className="hover:underline touch:leading-11">
      {name}
    </PageLink>
  );
}
