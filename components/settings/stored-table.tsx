import { ShareBar } from "@/components/charts/share-bar";
import { formatBytes, formatCount } from "@/components/format/count";
import { formatWidth } from "@/components/format/duration";
import { formatMoment, type Zone } from "@/components/format/time";
import { Card } from "@/components/ui/card";
import { Table, Td, Th } from "@/components/ui/table";
import { TableFiles } from "@/components/ui/table-files";
import type { StorageAnswer } from "@/lib/query/answers";

type Stored = StorageAnswer["tables"][number];

/** Every table family: its room, its rows, from when to when it reaches, and how long it is kept. */
export function StoredTable({ storage, zone }: { storage: StorageAnswer; zone: Zone }) {
  const { tables, databaseBytes, otherBytes } = storage;
  const most = Math.max(1, otherBytes, ...tables.map(({ bytes }) => bytes));
  return (
    <Card
      flush
      title="What is there"
      note={`${formatBytes(databaseBytes)} in all`}
      actions={<TableFiles table="storage" label="these tables" />}
    >
      <Table aria-label="Tables">
        <thead>
          <tr>
            <Th>Holds</Th>
            <Th>Room</Th>
            <Th roomy title="Of the room">
              Indexes
            </Th>
            <Th roomy title="Of the room: what is long lies beside its row (TOAST)">
              Long values
            </Th>
            <Th roomy>Rows, about</Th>
            <Th roomy>Oldest</Th>
            <Th roomy>Newest</Th>
            <Th edge title="For how long answers use it">
              Used for
            </Th>
            <Th roomy title="How old it is when it is removed from the disk">
              Removed after
            </Th>
          </tr>
        </thead>
        <tbody>
          {tables.map((stored) => (
            <StoredRow key={stored.table} {...{ stored, zone, most }} />
          ))}
          <OtherRow bytes={otherBytes} most={most} />
        </tbody>
      </Table>
    </Card>
  );
}

function StoredRow({ stored, zone, most }: { stored: Stored; zone: Zone; most: number }) {
  const { table, holds, rows, bytes, indexBytes, toastBytes, oldest, newest, keptSeconds, removedSeconds } = stored;
  const rest = [formatBytes(indexBytes), formatBytes(toastBytes), formatCount(rows), ...[oldest, newest].map(moment)];
  function moment(at: string | null): string {
    return at === null ? "–" : formatMoment(Date.parse(at), zone);
  }
  return (
    <tr>
      <Td wrap title={table}>
        {holds}
      </Td>
      <Td>
        <Room bytes={bytes} part={bytes / most} />
      </Td>
      <Quiet texts={rest} />
      <Td edge>
        {keptSeconds === null ? "while needed" : formatHeld(keptSeconds)}
        {removedSeconds !== null && (
          <span className="block text-small text-muted phone:hidden">gone after {removedText(stored)}</span>
        )}
      </Td>
      <Quiet texts={[removedText(stored)]} />
    </tr>
  );
}

function OtherRow({ bytes, most }: { bytes: number; most: number }) {
  return (
    <tr>
      <Td wrap title="The database less the tables above">
        Everything else: alerts, accounts, jobs, PostgreSQL&rsquo;s own
      </Td>
      <Td>
        <Room bytes={bytes} part={bytes / most} />
      </Td>
      <Quiet texts={["–", "–", "–", "–", "–"]} />
      <Td edge>while needed</Td>
      <Quiet texts={["–"]} />
    </tr>
  );
}

/** Cells that phones leave out. */
function Quiet({ texts }: { texts: readonly string[] }) {
  return texts.map((text, place) => (
    <Td roomy key={place} className="text-muted">
      {text}
    </Td>
  ));
}

function Room({ bytes, part }: { bytes: number; part: number }) {
  return (
    <>
      <span className="mr-2 hidden phone:inline">
        <ShareBar part={part} narrow />
      </span>
      <span className="inline-block phone:min-w-20">{formatBytes(bytes)}</span>
    </>
  );
}

/** 24 h and not 1 d: as the documents say it. */
const formatHeld = (seconds: number): string => (seconds === 86_400 ? "24\u00a0h" : formatWidth(seconds));

function removedText({ keptSeconds, removedSeconds }: Stored): string {
  if (removedSeconds !== null) return `${removedSeconds[0] / 86_400} to ${formatWidth(removedSeconds[1])}`;
  return keptSeconds === null ? "–" : formatWidth(keptSeconds);
}
