import { formatBytes } from "@/components/format/count";
import { formatDay, type Zone } from "@/components/format/time";
import { Card } from "@/components/ui/card";
import { Table, Td, Th } from "@/components/ui/table";
import type { StorageAnswer } from "@/lib/query/answers";
import { dateText, daysText, untilText } from "./storage-figures";

interface RetentionProps {
  tables: StorageAnswer["tables"];
  zone: Zone;
  nowMs: number;
}

/** What goes next, when, and what that frees; and how large each table becomes. */
export function RetentionTable({ tables, zone, nowMs }: RetentionProps) {
  const partitioned = tables.filter(({ fullBytes }) => fullBytes !== null);
  return (
    <Card
      flush
      title="What retention will do"
      note="at the rate of the last days, so all but sizes of now are estimates"
    >
      <Table aria-label="What retention will do">
        <thead>
          <tr>
            <Th>Holds</Th>
            <Th title="Mean of the last days that are over; of the first day, what came so far">A day adds</Th>
            <Th roomy>Next to go</Th>
            <Th edge>Goes</Th>
            <Th roomy>Frees</Th>
            <Th roomy title="The most that it becomes at this rate">
              When full
            </Th>
          </tr>
        </thead>
        <tbody>
          {partitioned.map(({ table, holds, perDay, nextDrop, fullBytes }) => (
            <tr key={table}>
              <Td wrap title={table}>
                {holds}
              </Td>
              <Td title={perDay === null ? "Not known yet" : `Measured over ${daysText(perDay.measuredDays)}`}>
                {perDay === null ? "–" : formatBytes(Math.round(perDay.bytes))}
              </Td>
              <Td roomy className="text-muted">
                {nextDrop === null ? "–" : daysOf(nextDrop, zone)}
              </Td>
              <Td edge title={nextDrop === null ? undefined : `On ${dateText(Date.parse(nextDrop.at), zone)}`}>
                {nextDrop === null ? "–" : untilText(Date.parse(nextDrop.at), nowMs)}
              </Td>
              <Td roomy className="text-muted">
                {nextDrop === null ? "–" : formatBytes(nextDrop.bytes)}
              </Td>
              <Td roomy>{perDay === null ? "–" : formatBytes(Math.round(fullBytes ?? 0))}</Td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  );
}

/** "22 Nov" for a day, "1 to 30 Nov" for a month. Partitions are days and months of UTC. */
function daysOf({ from, to }: { from: string; to: string }, zone: Zone): string {
  const first = formatDay(Date.parse(from), "UTC");
  const last = formatDay(Date.parse(to) - 1, "UTC");
  const words = first === last ? first : `${first.split(" ")[0]} to ${last}`;
  return zone === "UTC" ? words : `${words} UTC`;
}
