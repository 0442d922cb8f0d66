"use client";
import { Columns3 } from "lucide-react";
import { parseAsString, useQueryState } from "nuqs";
import { useDeferredValue, useMemo } from "react";
import { formatCountExactly } from "@/components/format/count";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Menu, MenuCheck } from "@/components/ui/menu";
import { focusFirstRow } from "@/components/ui/row-keys";
import { SearchField } from "@/components/ui/search-field";
import { TableFiles } from "@/components/ui/table-files";
import type { OverviewAnswer } from "@/lib/query/answers";
import { ENDPOINT_COLUMNS } from "./endpoint-columns";
import { EndpointsTable } from "./endpoints-table";
import { FoundUsers } from "./found-users";
import { matches } from "./matches";
import { firstsOf } from "./since-first";
import { useColumns } from "./use-columns";
import { useEndpointTable, useSort } from "./use-endpoint-table";

/** All endpoints, worst first by the time lost in their tails. */
export function EndpointsCard({ answer, search }: { answer: OverviewAnswer; search: string }) {
  const [wanted, setWanted] = useQueryState("q", parseAsString.withDefault("").withOptions({ throttleMs: 250 }));
  const { visible, show } = useColumns();
  const { sorting, sortBy } = useSort();
  const text = useDeferredValue(wanted.trim().toLowerCase());
  const found = useMemo(() => answer.endpoints.filter((row) => matches(row, text)), [answer.endpoints, text]);
  const { rows, columns } = useEndpointTable({ rows: found, sorting, visible });
  const setting = useMemo(() => settingOf(answer, search), [answer, search]);
  return (
    <Card
      flush
      title="Worst first"
      note="by time lost in the tail: what requests took beyond their endpoint's median"
      actions={
        <>
          {text !== "" && (
            <span role="status">
              {formatCountExactly(rows.length)} of {formatCountExactly(answer.endpoints.length)}
            </span>
          )}
          <SearchField
            label="Search endpoints and users"
            placeholder="Search  /"
            value={wanted}
            onChange={(value) => void setWanted(value === "" ? null : value)}
            onGoOn={() => focusFirstRow("Endpoints")}
            className="w-44"
          />
          <TableFiles
            table="endpoints"
            label="these endpoints"
            search={filesSearch(answer, wanted)}
            range={answer.range}
          />
          <ColumnMenu visible={visible} show={show} />
        </>
      }
    >
      {text !== "" && <FoundUsers text={wanted.trim()} className="px-4 pb-2" />}
      {rows.length > 0 ? (
        <EndpointsTable {...{ rows, columns, setting, sorting, sortBy }} />
      ) : (
        <EmptyState
          title="No endpoint matches"
          actions={<Button onClick={() => void setWanted(null)}>Clear search</Button>}
        >
          None of {formatCountExactly(answer.endpoints.length)} endpoints has “{wanted}” in its method or route.
        </EmptyState>
      )}
    </Card>
  );
}

/** The table's filters: which service, and what is searched for. */
function filesSearch({ service, environment }: OverviewAnswer, wanted: string): string {
  const filters = Object.entries({ service, environment, q: wanted.trim() }).filter(([, value]) => value !== "");
  return new URLSearchParams(filters).toString();
}

function settingOf(answer: OverviewAnswer, search: string) {
  const { endpoints, coveredSeconds } = answer;
  const costs = endpoints.map(({ tailCostUs }) => tailCostUs);
  const places = new Set(endpoints.map(({ service, environment }) => `${service}\n${environment}`));
  return {
    coveredSeconds,
    firstTrend: firstsOf(answer).trend,
    search,
    several: places.size > 1,
    mostLostUs: Math.max(0, ...costs),
    allLostUs: costs.reduce((sum, cost) => sum + cost, 0),
  };
}

function ColumnMenu({ visible, show }: ReturnType<typeof useColumns>) {
  const trigger = (
    <Button size="small" kind="quiet" aria-label="Choose columns" title="Choose columns" className="px-1.5">
      <Columns3 size={15} aria-hidden />
    </Button>
  );
  return (
    <Menu trigger={trigger} align="end">
      {ENDPOINT_COLUMNS.slice(1).map(({ id, title }) => (
        <MenuCheck key={id} checked={visible[id] !== false} onChange={(shown) => show(id, shown)}>
          {title}
        </MenuCheck>
      ))}
    </Menu>
  );
}
