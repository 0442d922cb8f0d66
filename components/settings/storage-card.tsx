"use client";
import { ShareBar } from "@/components/charts/share-bar";
import { formatBytes, formatCount } from "@/components/format/count";
import { formatWidth } from "@/components/format/duration";
import { formatMoment } from "@/components/format/time";
import { useZone } from "@/components/shell/clock";
import { ReplicaCard } from "./replica-card";
import { Banner } from "@/components/ui/banner";
import { Card } from "@/components/ui/card";
import { Table, Td, Th } from "@/components/ui/table";
import { TableFiles } from "@/components/ui/table-files";
import type { ReplicaStatus, StorageAnswer } from "@/lib/query/answers";

/** Below this the server warns; below 200 MB it stops accepting. */
const LOW_BYTES = 1_000_000_000;

interface StorageCardProps {
  storage: StorageAnswer;
  /** Absent or `null`: there is no read replica. */
  replica?: ReplicaStatus | null;
}

export function StorageCard({ storage, replica = null }: StorageCardProps) {
  const zone = useZone();
  const { tables, databaseBytes, freeDiskBytes } = storage;
  const most = Math.max(1, ...tables.map(({ bytes }) => bytes));
  const free = freeDiskBytes === null ? "" : `, ${formatBytes(freeDiskBytes)} free on its disk`;
  return (
    <div className="flex flex-col gap-4">
      {freeDiskBytes !== null && freeDiskBytes < LOW_BYTES && (
        <Banner tone="warn" title="The disk is nearly full.">
          Below 200 MB the server stops accepting batches and answers 507; what is stored is kept. Free some room.
        </Banner>
      )}
      {replica && <ReplicaCard replica={replica} />}
      <Card
        flush
        title="Database"
        note={`${formatBytes(databaseBytes)} in all${free}`}
        actions={<TableFiles table="storage" label="these tables" />}
      >
        <Table aria-label="Tables">
          <thead>
            <tr>
              <Th>Holds</Th>
              <Th>Room</Th>
              <Th roomy>Rows</Th>
              <Th roomy>Oldest</Th>
              <Th edge title="For how long answers use it">
                Used for
              </Th>
              <Th roomy title="How old it is when it is removed from the disk">
                Removed after
              </Th>
            </tr>
          </thead>
          <tbody>
            {tables.map(({ table, holds, rows, bytes, oldest, keptSeconds, removedSeconds }) => (
              <tr key={table}>
                <Td wrap title={table}>
                  {holds}
                </Td>
                <Td>
                  <span className="mr-2 hidden phone:inline">
                    <ShareBar part={bytes / most} />
                  </span>
                  <span className="inline-block phone:min-w-20">{formatBytes(bytes)}</span>
                </Td>
                <Td roomy className="text-muted">
                  {formatCount(rows)}
                </Td>
                <Td roomy className="text-muted">
                  {oldest === null ? "–" : formatMoment(Date.parse(oldest), zone)}
                </Td>
                <Td edge>
                  {keptSeconds === null ? "while needed" : formatHeld(keptSeconds)}
                  {removedSeconds !== null && (
                    <span className="block text-small text-muted phone:hidden">
                      gone after {removedText({ keptSeconds, removedSeconds })}
                    </span>
                  )}
                </Td>
                <Td roomy className="text-muted">
                  {removedText({ keptSeconds, removedSeconds })}
                </Td>
              </tr>
            ))}
          </tbody>
        </Table>
      </Card>
      <ul className="flex max-w-[90ch] flex-col gap-1 text-small text-muted">
        <li>
          <b className="font-medium text-text">Used for:</b> answers take the narrow windows of this stretch, and wider
          ones for what is older. A percentile of a long range stays exact, since histograms are merged and never
          averaged.
        </li>
        <li>
          <b className="font-medium text-text">Removed after:</b> whole days (of the widest windows, whole months) are
          dropped at once, when the last of them is over and no late batch can land there any more: batches are taken up
          to 48 h late. So the disk holds more than answers use.
        </li>
        <li>Row counts are PostgreSQL's estimates.</li>
      </ul>
    </div>
  );
}

/** 24 h and not 1 d: as the documents say it. */
const formatHeld = (seconds: number): string => (seconds === 86_400 ? "24\u00a0h" : formatWidth(seconds));

type Retention = Pick<StorageAnswer["tables"][number], "keptSeconds" | "removedSeconds">;

function removedText({ keptSeconds, removedSeconds }: Retention): string {
  if (removedSeconds !== null) return `${removedSeconds[0] / 86_400} to ${formatWidth(removedSeconds[1])}`;
  return keptSeconds === null ? "–" : formatWidth(keptSeconds);
}
