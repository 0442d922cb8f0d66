import { formatCountExactly } from "@/components/format/count";
import { formatDuration } from "@/components/format/duration";
import { samplesWanted } from "@/components/format/percentile";
import { shownText } from "@/components/format/shown";
import { CodeBlock } from "@/components/start/code-block";
import { Card } from "@/components/ui/card";
import { CellHint } from "@/components/ui/cell-hint";
import { classes } from "@/components/ui/classes";
import { Table, Td, Th } from "@/components/ui/table";
import type { ComparisonRow, TrialRow } from "@/lib/query/loading-answer-schemas";
import { notesOf, VERDICT_WORDS } from "./loading-words";

/** One trial: the percentiles of both ways, as a whole and by size, and the code to write. */
export function TrialCard({ trial }: { trial: TrialRow }) {
  const { name, op, endpoint, code, verdict } = trial;
  const about = [op, endpoint].filter((part) => part !== null && !name.includes(part)).map((part) => shownText(part!));
  return (
    <Card flush title={shownText(name)} note={[VERDICT_WORDS[verdict], ...about].join(" · ")}>
      <Table aria-label={`join against query: ${shownText(name)}`}>
        <thead>
          <tr>
            <Th left>Records</Th>
            <Th left>Strategy</Th>
            <Th title="Requests that were assigned to it">n</Th>
            <Th>p50</Th>
            <Th>p95</Th>
            <Th roomy>p99</Th>
          </tr>
        </thead>
        <tbody>
          <Rows size="all" of={trial} />
          {trial.bySize.length > 1 && trial.bySize.map((each) => <Rows key={each.size} size={each.size} of={each} />)}
        </tbody>
      </Table>
      <div className="flex flex-col gap-3 px-4 pt-3 pb-4">
        {notesOf(trial).map((note) => (
          <p key={note} className="text-table text-muted">
            {note}
          </p>
        ))}
        {code !== null && <CodeBlock text={shownText(code)} label="the faster one" />}
      </div>
    </Card>
  );
}

function Rows({ size, of }: { size: string; of: Omit<ComparisonRow, "size"> }) {
  return (
    <>
      {(["join", "query"] as const).map((strategy) => (
        <tr key={strategy}>
          <Td left className="text-muted">
            {strategy === "join" ? size : ""}
          </Td>
          <Td left>{strategy}</Td>
          <Td className="text-muted">{formatCountExactly(of.requests[strategy])}</Td>
          {of.percentiles.map((each) => (
            <Td key={each.percentile} roomy={each.percentile === 99}>
              <CellHint
                text={boundsText(each[strategy])}
                className={classes(
                  each.faster === strategy && "font-semibold",
                  of.requests[strategy] < samplesWanted(each.percentile) && "text-faint",
                )}
              >
                {durationOrDash(each[strategy].valueUs)}
              </CellHint>
            </Td>
          ))}
        </tr>
      ))}
      <tr className="text-small">
        <Td />
        <Td
          left
          className="text-muted"
          title="What query takes more than join: the range holds at whichever moment one looks"
        >
          query − join
        </Td>
        <Td />
        {of.percentiles.map((each) => (
          <Td key={each.percentile} roomy={each.percentile === 99} className="text-muted">
            {differenceText(each)}
          </Td>
        ))}
      </tr>
    </>
  );
}

/** "−20.1 ms … +4.2 ms"; a side that nothing bounds yet is left open. */
function differenceText({
  differenceLowUs: low,
  differenceHighUs: high,
}: ComparisonRow["percentiles"][number]): string {
  if (low === null && high === null) return "–";
  return `${low === null ? "?" : signed(low)} … ${high === null ? "?" : signed(high)}`;
}

function signed(us: number): string {
  if (us === 0) return "0";
  return `${us < 0 ? "−" : "+"}${formatDuration(Math.abs(us))}`;
}

/** The range that holds it, at whichever moment one looks. */
function boundsText({ lowUs, highUs }: ComparisonRow["percentiles"][number]["join"]): string {
  return highUs === null
    ? `${formatDuration(lowUs)} or more: too few requests for a bound above`
    : `between ${formatDuration(lowUs)} and ${formatDuration(highUs)}`;
}

const durationOrDash = (us: number | null): string => (us === null ? "–" : formatDuration(us));
