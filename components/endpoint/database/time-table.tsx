import { PercentileValue } from "@/components/answer/percentile-value";
import { formatCountExactly } from "@/components/format/count";
import { formatDuration } from "@/components/format/duration";
import { formatShare } from "@/components/format/share";
import { Card } from "@/components/ui/card";
import { Table, Td, Th } from "@/components/ui/table";
import type { DatabaseAnswer, TimeShare } from "@/lib/query/database-answers";
import { formatNumber } from "./format-number";
import { TIME_PARTS } from "./time-parts";

const QS = [50, 95, 99] as const;

/** The two parts by percentile, and statements a request. */
export function TimeTable({ answer }: { answer: DatabaseAnswer }) {
  const { statements, database } = answer;
  return (
    <Card flush title="Database or not" note={`${formatCountExactly(database.count)} requests`}>
      <Table aria-label="Time by percentile">
        <thead>
          <tr>
            <Th>A request</Th>
            <Th title="Of all the time of these requests">Share</Th>
            <Th roomy>mean</Th>
            {QS.map((q) => (
              <Th key={q} roomy={q === 50}>
                p{q}
              </Th>
            ))}
          </tr>
        </thead>
        <tbody>
          {TIME_PARTS.map(({ key, label, colour }) => (
            <TimeRow key={key} label={label} colour={colour} time={answer[key]} />
          ))}
          <tr title="Their number, not their time">
            <Td className="pl-[33px]!">Statements</Td>
            <Td className="text-faint">–</Td>
            <Td roomy>{statements.mean === null ? "–" : formatNumber(statements.mean)}</Td>
            {QS.map((q) => (
              <Td key={q} roomy={q === 50}>
                {whole(statements.percentiles[`p${q}`])}
              </Td>
            ))}
          </tr>
        </tbody>
      </Table>
      <p className="px-4 pt-1 pb-3 text-small text-muted">
        Percentiles of each part by itself: they do not add up. Statements are numbers a request.
      </p>
    </Card>
  );
}

const whole = (value: number | null | undefined): string =>
  value === null || value === undefined ? "–" : formatCountExactly(value);

function TimeRow({ label, colour, time }: { label: string; colour: string; time: TimeShare }) {
  return (
    <tr>
      <Td>
        <span className="flex items-center gap-2">
          <i aria-hidden className="size-[9px] rounded-[2px]" style={{ background: colour }} />
          {label}
        </span>
      </Td>
      <Td>{time.share === null ? "–" : formatShare(time.share)}</Td>
      <Td roomy>{duration(time.meanUs)}</Td>
      {QS.map((q) => (
        <Td key={q} roomy={q === 50}>
          <PercentileValue us={time.percentiles[`p${q}Us`] ?? null} q={q} n={time.count} />
        </Td>
      ))}
    </tr>
  );
}

const duration = (us: number | null): string => (us === null ? "–" : formatDuration(us));
