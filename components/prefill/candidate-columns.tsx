import Link from "next/link";
import type { ReactNode } from "react";
import { formatDuration } from "@/components/format/duration";
import { formatMoment, formatMomentFully } from "@/components/format/time";
import { Foreign } from "@/components/ui/foreign";
import type { PrefillCandidate } from "@/lib/query/prefill-answers";
import { lastText, type Order } from "./candidate-order";
import { formatEstimate, formatValue } from "./work";

/** What the cells of the table need besides their row. */
export interface CandidateSetting {
  hrefOf: (user: string) => string;
  zone: string;
  /** Those whom the budget does not reach. */
  beyond: ReadonlySet<PrefillCandidate>;
}

export interface CandidateColumn {
  id: string;
  title: string;
  /** Its title while what is known reaches back less than a day. */
  firstDay?: { title: string; hint: string };
  /** Explains the title on hover. */
  hint?: string;
  /** Without it, the list cannot be sorted by this column. */
  order?: Order;
  /** Words stand left, figures right. */
  words?: boolean;
  cell: (row: PrefillCandidate, setting: CandidateSetting) => ReactNode;
  /** Width, and from which page width on it is shown. */
  className: string;
}

export const CANDIDATE_COLUMNS: readonly CandidateColumn[] = [
  {
    id: "user",
    title: "User",
    order: "user",
    words: true,
    className: "w-auto phone:w-36 roomy:w-44",
    cell: (row, { hrefOf }) => (
      <>
        <Link href={hrefOf(row.user)} prefetch={false} className="block truncate font-medium hover:underline">
          <Foreign text={row.user} />
        </Link>
        <span
          className="line-clamp-2 text-tiny leading-[14px] text-muted first-letter:uppercase phone:hidden"
          title={row.why}
        >
          {withUnits(row.why)}
        </span>
      </>
    ),
  },
  {
    id: "definition",
    title: "Definition",
    hint: "What would be filled for them",
    order: "definition",
    words: true,
    className: "w-40 hidden wide:table-cell",
    cell: (row) => (
      <span className="line-clamp-2 [&_bdi]:break-all [&_bdi]:whitespace-pre-wrap">
        <Foreign text={row.definition} />
      </span>
    ),
  },
  {
    id: "why",
    title: "Why",
    words: true,
    className: "w-auto hidden phone:table-cell",
    cell: (row) => (
      <span className="line-clamp-2 text-[12.5px] leading-[17px] text-muted first-letter:uppercase" title={row.why}>
        {withUnits(row.why)}
      </span>
    ),
  },
  {
    id: "value",
    title: "Value",
    hint: "Misses of the target avoided per second of work",
    order: "value",
    className: "w-[96px]",
    cell: (row, { beyond }) => (
      <>
        {formatValue(row.value)}
        {beyond.has(row) && <span className="block text-tiny leading-[14px] text-muted">beyond budget</span>}
      </>
    ),
  },
  {
    id: "visits",
    title: "Visits a day",
    hint: "Of somebody first seen less than a day ago: the visits so far",
    firstDay: { title: "Visits", hint: "So far: nothing is known of a whole day yet" },
    order: "visits",
    className: "w-[92px] hidden wide:table-cell",
    cell: (row) => <span className="text-muted">{formatEstimate(row.visitsPerDay)}</span>,
  },
  {
    id: "miss",
    title: "Miss p95",
    hint: "p95 of their requests without a cached value",
    order: "miss",
    className: "w-[80px] hidden phone:table-cell",
    cell: (row) => (row.missP95Us === null ? "–" : formatDuration(row.missP95Us)),
  },
  {
    id: "cost",
    title: "Fill cost",
    hint: "Work that a fill takes",
    order: "cost",
    className: "w-[80px] hidden wide:table-cell",
    cell: (row) => <span className="text-muted">{formatDuration(row.fillCostUs)}</span>,
  },
  {
    id: "last",
    title: "Last fill",
    hint: "The last decision about them, and what became of it",
    order: "last",
    className: "w-[132px] hidden roomy:table-cell",
    cell: (row, { zone }) => <Last last={row.last} zone={zone} />,
  },
];

/** A column as it is called by how far back one knows. */
export const titled = (column: CandidateColumn, firstDay: boolean): CandidateColumn =>
  firstDay ? { ...column, ...column.firstDay } : column;

/** No line ends between a number and its unit. */
const withUnits = (text: string) => text.replaceAll(/(?<=\d) (?=%|µs|ms|s\b|min|h\b)/g, "\u00a0");

function Last({ last, zone }: { last: PrefillCandidate["last"]; zone: string }) {
  if (last === null) return <span className="text-faint">not yet</span>;
  const at = Date.parse(last.at);
  return (
    <span className="text-muted" title={formatMomentFully(at, zone)}>
      {lastText(last)}
      <span className="block text-tiny leading-[14px]">{formatMoment(at, zone)}</span>
    </span>
  );
}
