import type { ReactNode } from "react";
import { CopyButton } from "@/components/ui/copy-button";
import { Foreign, ForeignHeading } from "@/components/ui/foreign";
import { PageHeader } from "@/components/ui/page-header";
import type { EndpointIdentity } from "@/lib/query/answers";

interface EndpointHeaderProps {
  endpoint: EndpointIdentity;
  /** Controls at the right. */
  children: ReactNode;
}

export function EndpointHeader({ endpoint, children }: EndpointHeaderProps) {
  const { service, environment, method, route } = endpoint;
  const title = (
    <span className="flex min-w-0 items-baseline gap-2">
      <span className="font-mono text-small font-medium text-muted">{method}</span>
      <ForeignHeading text={route} />
    </span>
  );
  const note = (
    <span className="inline-flex items-baseline gap-1">
      <span>
        <Foreign text={service} />, <Foreign text={environment} />
      </span>
      <CopyButton label="Copy the endpoint" text={`${method} ${route}`} />
    </span>
  );
  return (
    <PageHeader title={title} note={note}>
      {children}
    </PageHeader>
  );
}
