import Link from "next/link";
import { formatAge } from "@/components/format/duration";
import { viewSearch } from "@/components/range/view";
import { ButtonLink } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Table, Td, Th } from "@/components/ui/table";
import type { ServicesAnswer } from "@/lib/query/answers";

interface ServicesCardProps {
  services: ServicesAnswer["services"];
  /** Unix ms. */
  now: number;
}

export function ServicesCard({ services, now }: ServicesCardProps) {
  if (services.length === 0)
    return (
      <Card flush>
        <EmptyState title="Nothing sent yet" actions={<ButtonLink href="/start">Connect an app</ButtonLink>}>
          A service appears here with its first request.
        </EmptyState>
      </Card>
    );
  return (
    <Card flush>
      <Table aria-label="Services">
        <thead>
          <tr>
            <Th>Service</Th>
            <Th className="text-left">Environments</Th>
            <Th>Last window</Th>
          </tr>
        </thead>
        <tbody>
          {services.map(({ name, environments, lastSeenAt }) => (
            <tr key={name}>
              <Td className="font-medium">
                <Link href={`/${viewSearch({ service: name })}`} className="hover:underline">
                  {name}
                </Link>
              </Td>
              <Td className="text-left">
                {environments.map((environment) => (
                  <Link
                    key={environment}
                    href={`/${viewSearch({ service: name, environment })}`}
                    className="mr-3 text-muted hover:text-text hover:underline"
                  >
                    {environment}
                  </Link>
                ))}
              </Td>
              <Td className="text-muted" title={lastSeenAt ?? undefined}>
                {lastSeenAt === null ? "never" : `${formatAge(now - Date.parse(lastSeenAt))} ago`}
              </Td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  );
}
