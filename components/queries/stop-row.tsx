import { formatSpan } from "@/components/format/duration";
import { shownText } from "@/components/format/shown";
import { ExactMoment } from "@/components/statements/exact-moment";
import { StatementText } from "@/components/statements/statement-text";
import { Td } from "@/components/ui/table";
import type { StopRow } from "@/lib/query/insight-answer-schemas";
import { AskedBy } from "./asked-by";
import { STOP_WORDS, whyStopped } from "./kill-words";

/** A statement that no guard has stopped, as the app has seen it end. */
export function StopRowView({ stop, search }: { stop: StopRow; search: string }) {
  const { at, by, durationUs, endpoint, statementId, statement, pid } = stop;
  const text =
    statementId === null ? (
      <span className="text-muted">not known</span>
    ) : (
      <StatementText id={statementId} text={statement} />
    );
  const from = endpoint === null ? null : shownText(endpoint);
  return (
    <tr className="align-top">
      <Td className="text-muted">
        <ExactMoment at={at} />
      </Td>
      <Td left className="w-full max-w-0 phone:w-auto phone:max-w-none">
        <span className="block font-semibold">{STOP_WORDS[by]}</span>
        <span className="block text-small whitespace-normal text-muted phone:hidden">
          {whyStopped(stop)}, {formatSpan(durationUs)}
          <AskedBy {...stop} search={search} />
        </span>
        <span className="mt-1 block whitespace-normal phone:hidden">{text}</span>
        <span className="block truncate text-small text-muted phone:hidden">{from}</span>
      </Td>
      <Td left wrap roomy className="w-full max-w-0 min-w-40">
        {text}
        <span className="block truncate text-small text-muted">{from}</span>
      </Td>
      <Td roomy>{formatSpan(durationUs)}</Td>
      <Td left wrap roomy className="min-w-44 text-small">
        {whyStopped(stop)}
        <AskedBy {...stop} search={search} />
      </Td>
      <Td roomy className="text-muted">
        {pid ?? "–"}
      </Td>
    </tr>
  );
}
