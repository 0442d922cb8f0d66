import { OUTCOMES } from "@/components/charts/outcome-names";
import { formatCountExactly } from "@/components/format/count";
import { formatDuration } from "@/components/format/duration";
import { formatShare } from "@/components/format/share";
import { Card } from "@/components/ui/card";
import type { EndpointAnswer } from "@/lib/query/answers";

/** How requests ended, and how long people waited before they left. */
export function OutcomesCard({ answer }: { answer: EndpointAnswer }) {
  const { outcomes, count } = answer.totals;
  const part = (n: number) => (count === 0 ? 0 : n / count);
  return (
    <Card title="Outcomes">
      <div aria-hidden className="mt-1 mb-2 flex h-2.5 gap-0.5 overflow-hidden rounded">
        {OUTCOMES.filter(({ name }) => outcomes[name] > 0).map(({ name, colour }) => (
          <i key={name} style={{ flexGrow: outcomes[name], background: colour, minWidth: 2 }} />
        ))}
      </div>
      <dl className="text-table figures">
        {OUTCOMES.map(({ name, label, colour }) => (
          <div
            key={name}
            className="flex items-center gap-2 border-b border-line-soft py-[7px] last:border-0 last:pb-0"
          >
            <i className="size-[9px] rounded-[2px]" style={{ background: colour }} />
            <dt>
              {label}
              {name === "aborted" && answer.abortedP50Us !== null && (
                <span className="text-muted">, half of them within {formatDuration(answer.abortedP50Us)}</span>
              )}
            </dt>
            <dd className="ml-auto">{formatCountExactly(outcomes[name])}</dd>
            <dd className="w-16 text-right text-muted">{formatShare(part(outcomes[name]))}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
