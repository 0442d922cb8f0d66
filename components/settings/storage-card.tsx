"use client";
import { ShareBar } from "@/components/charts/share-bar";
import { formatBytes, formatCount } from "@/components/format/count";
import { formatWidth } from "@/components/format/duration";
import { formatMoment } from "@/components/format/time";
import { useZone } from "@/components/shell/clock";
import { Banner } from "@/components/ui/banner";
import { Card } from "@/components/ui/card";
import { Table, Td, Th } from "@/components/ui/table";
import type { StorageAnswer } from "@/lib/query/answers";

/** Below this the server warns; below 200 MB it stops accepting. */
const LOW_BYTES = 1_000_000_000;

export function StorageCard({ storage }: { storage: StorageAnswer }) {
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
      <Card flush title="Database" note={`${formatBytes(databaseBytes)} in all${free}`}>
        <Table aria-label="Tables">
          <thead>
            <tr>
              <Th>Holds</Th>
              <Th>Room</Th>
              <Th>Rows</Th>
              <Th>Oldest</Th>
              <Th>Kept</Th>
            </tr>
          </thead>
          <tbody>
            {tables.map(({ table, holds, rows, bytes, oldest, keptSeconds }) => (
              <tr key={table}>
                <Td title={table}>{holds}</Td>
                <Td>
                  <span className="mr-2 hidden phone:inline">
                    <ShareBar part={bytes / most} />
                  </span>
                  <span className="inline-block min-w-20">{formatBytes(bytes)}</span>
                </Td>
                <Td className="text-muted">{formatCount(rows)}</Td>
                <Td className="text-muted">{oldest === null ? "–" : formatMoment(Date.parse(oldest), zone)}</Td>
                <Td className="text-muted">{keptSeconds === null ? "while needed" : formatWidth(keptSeconds)}</Td>
              </tr>
            ))}
          </tbody>
        </Table>
      </Card>
      <p className="text-small text-muted">
        Windows are merged into wider ones and then expire by themselves; a percentile of a longer range stays exact,
        since histograms are merged and never averaged. Row counts are PostgreSQL's estimates.
      </p>
    </div>
  );
}
