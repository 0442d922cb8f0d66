import type { ReactNode } from "react";
import { formatCount, formatCountExactly } from "@/components/format/count";
import { formatDuration } from "@/components/format/duration";
import { formatShare } from "@/components/format/share";
import { shownText } from "@/components/format/shown";
import { CodeBlock } from "@/components/start/code-block";
import { StatementText } from "@/components/statements/statement-text";
import { Card } from "@/components/ui/card";
import type { RepeatRow } from "@/lib/query/loading-answer-schemas";
import { EndpointLink } from "./endpoint-link";
import { KIND_WORDS, reasonOf } from "./loading-words";

/** One statement that repeats: where, what for, what it costs, and what to write instead. */
export function RepeatCard({ repeat, search }: { repeat: RepeatRow; search: string }) {
  const { endpoint, kind, statementId, statement, site, op, fix, parentStatement, parentOp } = repeat;
  const place = [op, site].filter((part) => part !== null).map(shownText);
  return (
    <Card title={<EndpointLink {...{ endpoint, search }} />} note={`${KIND_WORDS[kind]} · ${reasonOf(repeat)}`}>
      <div className="grid min-w-0 gap-4 wide:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="flex min-w-0 flex-col gap-2">
          <StatementText id={statementId} text={statement} />
          {place.length > 0 && <span className="truncate text-small text-muted">{place.join(" · ")}</span>}
          {parentStatement !== null && (
            <div className="min-w-0 text-small text-muted">
              for each row of {parentOp === null ? "" : shownText(parentOp)}
              <StatementText id={statementId} text={parentStatement} />
            </div>
          )}
        </div>
        <Figures repeat={repeat} />
      </div>
      {fix !== null && (
        <div className="mt-3">
          <p className="mb-1 text-small text-muted">Write instead</p>
          <CodeBlock text={shownText(fix)} label="what to write instead" />
        </div>
      )}
    </Card>
  );
}

function Figures({ repeat }: { repeat: RepeatRow }) {
  const { requests, affected, medianN, p95N, savedP95Us, shareOfTime, parallel } = repeat;
  return (
    <dl className="grid grid-cols-2 content-start gap-x-4 gap-y-2 text-table figures">
      <Figure name="requests affected" hint="Of those in which it ran at all: five times or more">
        {formatCountExactly(affected)} of {formatCountExactly(requests)}
      </Figure>
      <Figure name="times a request" hint="Median, and 95th percentile, of requests in which it ran">
        {orDash(medianN)} · p95 {orDash(p95N)}
      </Figure>
      <Figure name="p95 that one would save" hint="What all but one of them took, at the 95th percentile of requests">
        {savedP95Us === null ? "–" : formatDuration(savedP95Us)}
        {parallel && " (at the same time)"}
      </Figure>
      <Figure name="of the requests' time" hint="While any of them was on its way">
        {formatShare(shareOfTime)}
      </Figure>
    </dl>
  );
}

function Figure({ name, hint, children }: { name: string; hint: string; children: ReactNode }) {
  return (
    <div className="min-w-0" title={hint}>
      <dt className="text-small text-muted">{name}</dt>
      <dd className="font-medium">{children}</dd>
    </div>
  );
}

const orDash = (count: number | null): string => (count === null ? "–" : formatCount(count));
