import { formatBytes } from "@/components/format/count";
import { formatAge, formatWidth } from "@/components/format/duration";
import { formatDay, type Zone } from "@/components/format/time";
import type { StorageAnswer } from "@/lib/query/answers";

interface FiguresProps {
  storage: StorageAnswer;
  zone: Zone;
  nowMs: number;
}

/** Four figures: how much there is, what a day adds, where that ends, and how long the disk lasts. */
export function StorageFigures({ storage, zone, nowMs }: FiguresProps) {
  const { databaseBytes, freeDiskBytes, future } = storage;
  return (
    <dl className="grid grid-cols-2 overflow-hidden rounded-[10px] border border-line bg-surface shadow-card wide:grid-cols-4">
      <Figure name="Database now" figure={formatBytes(databaseBytes)} note="indexes and all, as PostgreSQL says" />
      <Figure
        name="A day adds, about"
        figure={future === null ? "–" : formatBytes(Math.round(future.perDayBytes))}
        note={
          future === null ? "known after an hour of data" : `measured over ${daysText(future.measuredDays)} or more`
        }
      />
      <Figure
        name="When all tiers are full, about"
        figure={future === null ? "–" : formatBytes(Math.round(future.fullBytes))}
        note={future === null ? "" : fullNote(future.fullAt, zone, nowMs)}
      />
      <Figure
        name="Free disk"
        figure={freeDiskBytes === null ? "–" : formatBytes(freeDiskBytes)}
        note={freeDiskBytes === null ? "your PostgreSQL's disk is not seen from here" : diskNote(future, zone)}
      />
    </dl>
  );
}

function Figure({ name, figure, note }: { name: string; figure: string; note: string }) {
  return (
    <div className="-mt-px -ml-px border-t border-l border-line-soft px-4 pt-3 pb-2.5">
      <dt className="text-small text-muted">{name}</dt>
      <dd className="mt-0.5 text-tile leading-8 font-semibold tracking-[-0.02em] figures">{figure}</dd>
      <dd className="min-h-5 text-small text-muted">{note}</dd>
    </div>
  );
}

/** "3 d", "17 h": how long something was measured. */
export function daysText(days: number): string {
  if (days < 2) return formatWidth(Math.max(1, Math.round(days * 24)) * 3_600).replace("1\u00a0d", "24\u00a0h");
  return formatWidth(Math.round(days) * 86_400);
}

function fullNote(fullAt: string, zone: Zone, nowMs: number): string {
  const atMs = Date.parse(fullAt);
  return atMs <= nowMs ? "as large as it gets at this rate" : `at this rate, ${dateText(atMs, zone)}`;
}

function diskNote(future: StorageAnswer["future"], zone: Zone): string {
  if (future === null) return "no rate is known yet";
  if (future.diskFullAt === null) return "enough for all tiers at this rate";
  return `at this rate full about ${dateText(Date.parse(future.diskFullAt), zone)}`;
}

/** A day with its year, since it may be more than one away: 3 Jan 2028. */
export function dateText(atMs: number, zone: Zone): string {
  return `${formatDay(atMs, zone)}\u00a0${new Intl.DateTimeFormat("en-GB", { year: "numeric", timeZone: zone }).format(atMs)}`;
}

/** When something is due: "in 3 d", "due". */
export function untilText(atMs: number, nowMs: number): string {
  return atMs <= nowMs ? "due" : `in ${formatAge(atMs - nowMs)}`;
}
