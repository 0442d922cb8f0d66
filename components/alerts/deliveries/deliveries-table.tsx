"use client";
import { Table, Th } from "@/components/ui/table";
import { DeliveryRow } from "./delivery-row";
import type { Delivery } from "./use-deliveries";

interface DeliveriesTableProps {
  deliveries: readonly Delivery[];
  readAt: number;
  opened: string | null;
  setOpened: (id: string | null) => void;
}

export function DeliveriesTable({ deliveries, readAt, opened, setOpened }: DeliveriesTableProps) {
  return (
    <Table aria-label="Deliveries">
      <thead>
        <tr>
          <Th>Time</Th>
          <Th left>Event</Th>
          <Th left roomy>
            Receiver
          </Th>
          <Th left>State</Th>
          <Th roomy>Attempts</Th>
          <Th roomy>Next</Th>
        </tr>
      </thead>
      <tbody>
        {deliveries.map((delivery) => (
          <DeliveryRow
            key={delivery.id}
            {...{ delivery, readAt }}
            open={opened === delivery.id}
            onToggle={() => setOpened(opened === delivery.id ? null : delivery.id)}
          />
        ))}
      </tbody>
    </Table>
  );
}
