"use client";
import { formatCountExactly } from "@/components/format/count";
import { shownText } from "@/components/format/shown";
import { formatMomentFully } from "@/components/format/time";
import { useZone } from "@/components/shell/clock";
import { Card } from "@/components/ui/card";
import { classes } from "@/components/ui/classes";
import { Table, Td, Th } from "@/components/ui/table";
import { TableFiles } from "@/components/ui/table-files";
import type { AlertAnswer } from "@/lib/query/alert-answer-schemas";
import { About } from "../about";
import { figureOf, seenWords } from "../seen-words";
import { SeverityWord, StateBadge } from "../state-badge";

type Rule = AlertAnswer<"AlertRule">;

interface SeriesCardProps {
  answer: Rule;
  /** The one that the chart shows. */
  chosen: string | undefined;
  onChoose: (series: string) => void;
}

/** What the rule says of each thing that it is about, the worst first. */
export function SeriesCard({ answer, chosen, onChoose }: SeriesCardProps) {
  const { series, seriesCount } = answer;
  if (series.length === 0)
    return (
      <Card title="State">
        <p className="text-table text-muted">
          {answer.state === "off"
            ? "It is switched off, and not judged."
            : "Nothing was judged yet. A new rule is judged within 10 s; when it still says so then, nothing was ever sent under the names that it gives."}
        </p>
      </Card>
    );
  return (
    <Card
      title="State"
      note={seriesCount > series.length ? `the worst ${series.length} of ${seriesCount}` : undefined}
      actions={<TableFiles table="alert-series" label="the series" search={`rule=${answer.id}`} />}
      flush
      className="max-h-[420px] overflow-y-auto"
    >
      <Table aria-label="State of each series">
        <thead>
          <tr>
            <Th>What</Th>
            <Th>Last value</Th>
            <Th>State</Th>
          </tr>
        </thead>
        <tbody>
          {series.map((one) => (
            <Row key={one.series} one={one} isChosen={one.series === chosen} {...{ onChoose }} />
          ))}
        </tbody>
      </Table>
    </Card>
  );
}

interface RowProps {
  one: Rule["series"][number];
  isChosen: boolean;
  onChoose: (series: string) => void;
}

function Row({ one, isChosen, onChoose }: RowProps) {
  const zone = useZone();
  const { value } = seenWords(one.observed);
  // A number of requests says it by itself, and prefill and stopped queries rest on none.
  const count = figureOf(one.observed, "valueCount") === null ? figureOf(one.observed, "count") || null : null;
  return (
    <tr className={classes("relative hover:bg-sunken", isChosen && "bg-accent-soft")}>
      <Td className="max-w-0 min-w-32 w-[56%] truncate">
        <button
          type="button"
          aria-pressed={isChosen}
          title="Show it in the chart"
          onClick={() => onChoose(one.series)}
          className="max-w-full cursor-pointer truncate text-left after:absolute after:inset-0"
        >
          <About endpoint={one.endpoint} user={one.user} whole="the whole service" />
        </button>
        {one.severity !== null && (
          <span className="ml-2">
            <SeverityWord severity={one.severity} />
          </span>
        )}
      </Td>
      <Td>
        <span
          title={
            one.evaluatedAt === null ? undefined : `Judged at ${formatMomentFully(Date.parse(one.evaluatedAt), zone)}`
          }
        >
          {value ?? "–"}
        </span>
        {count !== null && <span className="block text-small text-muted">n = {formatCountExactly(count)}</span>}
      </Td>
      <Td>
        <StateBadge state={one.state} />
        {one.why !== null && (
          <span className="block max-w-40 text-small break-words whitespace-normal text-muted">
            {shownText(one.why)}
          </span>
        )}
      </Td>
    </tr>
  );
}
