"use client";
import { useState } from "react";
import { Confirm } from "@/components/account/confirm";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Foreign } from "@/components/ui/foreign";
import { Table, Td, Th } from "@/components/ui/table";
import { TableFiles } from "@/components/ui/table-files";
import type { MuteBoard } from "@/lib/alerts/mute-board";
import { shortName } from "../short-name";
import { MaintenanceDialog } from "./maintenance-dialog";
import { MaintenanceTime } from "./maintenance-time";
import { MatcherWords } from "./matcher-words";
import { maintenanceInOrder } from "./mute-times";
import { MutedCount } from "./muted-count";
import { RowMenu } from "./row-menu";

interface MaintenanceCardProps {
  board: MuteBoard;
  now: () => number;
  onDone: () => void;
}

/** Maintenance that is planned. */
export function MaintenanceCard({ board, now, onDone }: MaintenanceCardProps) {
  const [making, setMaking] = useState(false);
  const windows = maintenanceInOrder(board.maintenance, board.readAt);
  return (
    <Card
      title="Maintenance"
      note="mutes at planned times"
      actions={
        <>
          <TableFiles table="alert-maintenance" label="this maintenance" />
          <Button onClick={() => setMaking(true)}>New maintenance</Button>
        </>
      }
      flush
    >
      {making && <MaintenanceDialog open onOpenChange={setMaking} {...{ now, onDone }} />}
      {windows.length === 0 ? (
        <EmptyState title="No maintenance is planned">
          For what is expected once, every day or every week: an import at night, a move to another database.
        </EmptyState>
      ) : (
        <Table aria-label="Maintenance">
          <thead>
            <tr>
              <Th className="phone:w-2/5">Mutes</Th>
              <Th left roomy className="w-1/4">
                Time
              </Th>
              <Th roomy>Now</Th>
              <Th left roomy>
                By
              </Th>
              <Th>
                <span className="sr-only">Actions</span>
              </Th>
            </tr>
          </thead>
          <tbody>
            {windows.map((window) => (
              <Row key={window.id} {...{ window, now, onDone }} nowMs={board.readAt} />
            ))}
          </tbody>
        </Table>
      )}
    </Card>
  );
}

interface RowProps extends Pick<MaintenanceCardProps, "now" | "onDone"> {
  window: MuteBoard["maintenance"][number];
  nowMs: number;
}

function Row({ window, now, onDone, nowMs }: RowProps) {
  const [action, setAction] = useState<"edit" | "remove" | null>(null);
  const close = () => setAction(null);
  return (
    <tr>
      <Td wrap className="align-top">
        <span className="font-medium wrap-anywhere [&_bdi]:whitespace-pre-wrap">
          <Foreign text={window.name} />
        </span>
        <MatcherWords matcher={window.matcher} />
        <span className="mt-1 block phone:hidden">
          <MaintenanceTime window={window} nowMs={nowMs} />
        </span>
      </Td>
      <Td left roomy wrap className="align-top">
        <MaintenanceTime window={window} nowMs={nowMs} />
      </Td>
      <Td roomy className="align-top">
        <MutedCount muted={window.muted} />
      </Td>
      <Td left roomy className="max-w-44 truncate align-top text-muted">
        {window.createdBy ?? "–"}
      </Td>
      <Td className="align-top">
        <div className="flex justify-end">
          <RowMenu
            label={`More about ${shortName(window.name)}`}
            onEdit={() => setAction("edit")}
            onRemove={() => setAction("remove")}
          />
        </div>
        {action === "edit" && <MaintenanceDialog open window={window} onOpenChange={close} {...{ now, onDone }} />}
        {action === "remove" && (
          <Confirm
            open
            onOpenChange={close}
            title={`Remove “${shortName(window.name)}”?`}
            verb="Remove the maintenance"
            path={`/api/v1/alerts/maintenance/${window.id}`}
            onDone={onDone}
          >
            It mutes no more. {window.isOn && "What it mutes now and what still fires is told within ten seconds."}
          </Confirm>
        )}
      </Td>
    </tr>
  );
}
