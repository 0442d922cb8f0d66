import Link from "next/link";
import { formatAgo } from "@/components/format/duration";
import { viewSearch } from "@/components/range/view";
import { ButtonLink } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Foreign } from "@/components/ui/foreign";
import { Table, Td, Th } from "@/components/ui/table";
import { TableFiles } from "@/components/ui/table-files";
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
    <Card flush title="Services" actions={<TableFiles table="services" label="these services" />}>
      <Table aria-label="Services">
        <thead>
          <tr>
            <Th>Service</Th>
            <Th left>Environments</Th>
            <Th>Last window</Th>
          </tr>
        </thead>
        <tbody>
          {services.map(({ name, environments, lastSeenAt }) => (
            <tr key={name}>
              <Td wrap className="font-medium">
                <Link href={`/${viewSearch({ service: name })}`} className="hover:underline touch:leading-11">
                  <Foreign text={name} />
                </Link>
              </Td>
              <Td left wrap>
                {environments.map((environment) => (
                  <Link
                    key={environment}
                    href={`/${viewSearch({ service: name, environment })}`}
                    className="mr-3 inline-block text-muted hover:text-text hover:underline touch:leading-11"
                  >
                    <Foreign text={environment} />
                  </Link>
                ))}
              </Td>
              <Td className="text-muted" title={lastSeenAt ?? undefined}>
                {lastSeenAt === null ? "never" : formatAgo(now - Date.parse(lastSeenAt))}
              </Td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  );
}
