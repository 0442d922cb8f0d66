import type { Figures } from "@/components/charts/figures";
import type { EndpointRow } from "@/lib/query/answers";

const ms = (us: number | null | undefined) => (us === null || us === undefined ? null : us / 1_000);

const COLUMNS: readonly (readonly [title: string, value: (row: EndpointRow) => string | number | null])[] = [
  ["service", (row) => row.service],
  ["environment", (row) => row.environment],
  ["method", (row) => row.method],
  ["route", (row) => row.route],
  ["lost in the tail (ms)", (row) => ms(row.tailCostUs)],
  ["p50 (ms)", (row) => ms(row.percentiles.p50Us)],
  ["p95 (ms)", (row) => ms(row.percentiles.p95Us)],
  ["p99 (ms)", (row) => ms(row.percentiles.p99Us)],
  ["p99.9 (ms)", (row) => ms(row.percentiles["p99.9Us"])],
  ["max (ms)", (row) => ms(row.maxUs)],
  ["n", (row) => row.count],
  ["ok", (row) => row.outcomes.ok],
  ["client error", (row) => row.outcomes.client_error],
  ["server error", (row) => row.outcomes.server_error],
  ["aborted", (row) => row.outcomes.aborted],
];

/** The endpoints of the table as figures without rounding. */
export function endpointFigures(rows: readonly EndpointRow[]): Figures {
  return {
    columns: COLUMNS.map(([title]) => title),
    rows: rows.map((row) => COLUMNS.map(([, value]) => value(row))),
  };
}
