import type { ReactNode } from "react";
import { PercentileValue } from "@/components/answer/percentile-value";
import { ShareBar } from "@/components/charts/share-bar";
import { Spark } from "@/components/charts/spark";
import { formatCount, formatCountExactly } from "@/components/format/count";
import { formatDuration, formatSpan } from "@/components/format/duration";
import { samplesWanted } from "@/components/format/percentile";
import { formatShare } from "@/components/format/share";
import { CellHint } from "@/components/ui/cell-hint";
import type { EndpointRow, OutcomeName } from "@/lib/query/answers";
import { lostPerHourUs, shareOf } from "./cost";
import { EndpointName } from "./endpoint-name";

/** What the cells of the table need besides their row. */
export interface TableSetting {
  coveredSeconds: number;
  /** From where on trends are drawn (since-first.ts). */
  firstTrend: number;
  /** The most time lost by an endpoint, and by all together, µs. */
  mostLostUs: number;
  allLostUs: number;
  /** Whether rows of several services stand together. */
  several: boolean;
  /** The kept part of the address, for links. */
  search: string;
}

export interface EndpointColumn {
  id: string;
  title: string;
  /** Explains the title on hover. */
  hint?: string;
  /** What the column is sorted by. */
  value: (row: EndpointRow) => number | string | null;
  cell: (row: EndpointRow, setting: TableSetting) => ReactNode;
  /** Width, and from which page width on it is shown. */
  className: string;
  /** Not shown until it is chosen. */
  extra?: boolean;
}

const PERCENTILES = [50, 95, 99, 99.9] as const;
const WIDTHS = {
  50: "w-[80px] hidden wide:table-cell",
  95: "w-[80px] hidden phone:table-cell",
  99: "w-[76px] phone:w-[80px]",
  99.9: "w-[80px] hidden wide:table-cell",
} as const;

export const ENDPOINT_COLUMNS: readonly EndpointColumn[] = [
  {
    id: "endpoint",
    title: "Endpoint",
    value: (row) => `${row.route} ${row.method}`,
    cell: (row, { several, search }) => <EndpointName row={row} several={several} search={search} />,
    className: "w-auto min-w-48",
  },
  {
    id: "lost",
    title: "Lost per hour",
    hint: "Time that requests took beyond their endpoint's median, summed over all requests, for each hour of the range since the first request. Requests run side by side, so that an hour can hold days of it: 100 at once that each take a minute too long lose 100 min",
    value: (row) => row.tailCostUs,
    cell: (row, setting) => <Lost row={row} setting={setting} />,
    className: "w-[92px] phone:w-28 roomy:w-48",
  },
  ...PERCENTILES.map((q) => percentileColumn(q)),
  {
    id: "max",
    title: "max",
    hint: "The slowest request of the range",
    value: (row) => row.maxUs,
    cell: (row) => (row.maxUs === null ? "–" : <span className="text-muted">{formatDuration(row.maxUs)}</span>),
    className: "w-[86px] hidden roomy:table-cell",
  },
  {
    id: "n",
    title: "n",
    hint: "Requests in the range",
    value: (row) => row.count,
    cell: (row) => (
      <CellHint className="text-muted" text={formatCountExactly(row.count)}>
        {formatCount(row.count)}
      </CellHint>
    ),
    className: "w-[76px] hidden phone:table-cell",
  },
  { ...outcomeColumn("errors", "Errors", "server_error"), className: "w-[72px] hidden phone:table-cell" },
  {
    ...outcomeColumn("client", "Client errors", "client_error"),
    extra: true,
    className: "w-24 hidden wide:table-cell",
  },
  outcomeColumn("aborted", "Aborted", "aborted"),
  {
    id: "trend",
    title: "p99 trend",
    hint: "p99 over the range; of a service that is younger, since its first request",
    value: (row) => row.trend.findLast((us) => us !== null) ?? null,
    cell: (row, { firstTrend }) => (
      <Spark values={row.trend.slice(firstTrend)} colour="var(--p99)" faint={row.count < samplesWanted(99)} />
    ),
    className: "w-[104px] hidden roomy:table-cell",
  },
];

function percentileColumn(q: (typeof PERCENTILES)[number]): EndpointColumn {
  const us = (row: EndpointRow) => row.percentiles[`p${q}Us` as const] ?? null;
  return {
    id: `p${q}`,
    title: `p${q}`,
    hint: `${q} % of the requests were at most this slow`,
    value: us,
    cell: (row) => (
      <>
        <PercentileValue us={us(row)} q={q} n={row.count} strong={q === 99} />
        {q === 99 && (
          <span className="block text-tiny leading-3 text-faint phone:hidden">n {formatCount(row.count)}</span>
        )}
      </>
    ),
    className: WIDTHS[q],
  };
}

/** From this part of failed requests on, the figure is red. */
const MANY = 0.01;

function outcomeColumn(id: string, title: string, outcome: OutcomeName): EndpointColumn {
  const part = (row: EndpointRow) => shareOf(row.outcomes[outcome], row.count);
  return {
    id,
    title,
    hint: `Part of the requests whose outcome was ${outcome.replace("_", " ")}`,
    value: part,
    cell: (row) => (
      <CellHint
        className={outcome === "server_error" && part(row) >= MANY ? "font-medium text-server" : "text-muted"}
        text={`${formatCountExactly(row.outcomes[outcome])} of ${formatCountExactly(row.count)}${elsewhere(row, outcome)}`}
      >
        {formatShare(part(row))}
      </CellHint>
    ),
    className: "w-[76px] hidden wide:table-cell",
  };
}

/** Client errors have a column of their own, which is not shown at first: who reads "0 %" beside nothing but 404s learns of them here. */
function elsewhere({ outcomes: { client_error: count } }: EndpointRow, outcome: OutcomeName): string {
  if (outcome !== "server_error" || count === 0) return "";
  return `. Not in it: ${formatCountExactly(count)} client ${count === 1 ? "error" : "errors"}, as 404 (a column of their own)`;
}

function Lost({ row, setting }: { row: EndpointRow; setting: TableSetting }) {
  const share = formatShare(shareOf(row.tailCostUs, setting.allLostUs));
  const lost = lostPerHourUs(row, setting);
  return (
    <CellHint text={`${share} of all time lost; ${formatSpan(row.tailCostUs)} in this range`}>
      <span className="mr-2 hidden roomy:inline">
        <ShareBar part={shareOf(row.tailCostUs, setting.mostLostUs)} />
      </span>
      <span className="inline-block phone:min-w-[72px]">{lost === null ? "–" : formatSpan(lost)}</span>
    </CellHint>
  );
}
