"use client";
import { Moment } from "@/components/account/moment";
import { useAnswer } from "@/components/data/use-answer";
import { Card } from "@/components/ui/card";
import { Foreign } from "@/components/ui/foreign";
import { PageLink } from "@/components/ui/page-link";
import { Table, Td, Th } from "@/components/ui/table";
import type { AlertAnswer } from "@/lib/query/alert-answer-schemas";
import { eventWords, STATE_DOTS, STATE_WORDS } from "./deliveries/event-words";
import { Dot } from "./dot";

type Delivery = AlertAnswer<"AlertDeliveries">["deliveries"][number];

const REFRESH_MS = 5_000;
const MOST = 8;

/** What was sent to whom, of an incident or a rule, the last first. */
export function DeliveriesCard({ of }: { of: { incident: string } | { rule: string } }) {
  const search = new URLSearchParams({ ...of, limit: String(MOST) }).toString();
  const { answer, error } = useAnswer<AlertAnswer<"AlertDeliveries">>({
    path: "/api/v1/alerts/deliveries",
    search,
    refreshMs: REFRESH_MS,
  });
  const deliveries = answer?.deliveries ?? [];
  return (
    <Card
      title="Deliveries"
      flush={deliveries.length > 0}
      actions={
        deliveries.length > 0 && (
          <PageLink
            href={`/alerts/deliveries?${new URLSearchParams({ ...of }).toString()}`}
            className="text-accent hover:underline"
          >
            All
          </PageLink>
        )
      }
    >
      {deliveries.length === 0 ? (
        <p className="text-table text-muted">
          {error ? error.message : answer === undefined ? "Reading …" : "Nothing was sent to anybody."}
        </p>
      ) : (
        <Table aria-label="Deliveries">
          <thead>
            <tr>
              <Th>When</Th>
              <Th left>To</Th>
              <Th>State</Th>
            </tr>
          </thead>
          <tbody>
            {deliveries.map((delivery) => (
              <Row key={delivery.id} delivery={delivery} />
            ))}
          </tbody>
        </Table>
      )}
    </Card>
  );
}

function Row({ delivery }: { delivery: Delivery }) {
  const attempts = delivery.attempts > 1 ? `, ${delivery.attempts} attempts` : "";
  return (
    <tr>
      <Td className="text-muted">
        <Moment at={new Date(delivery.createdAt)} />
      </Td>
      <Td left wrap className="break-words">
        <Foreign text={delivery.receiver.name} /> <span className="text-muted">{eventWords(delivery.type)}</span>
      </Td>
      <Td>
        <Dot colour={STATE_DOTS[delivery.state]} />
        {STATE_WORDS[delivery.state]}
        {attempts}
      </Td>
    </tr>
  );
}
