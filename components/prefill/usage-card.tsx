import { formatCountExactly } from "@/components/format/count";
import { formatShare } from "@/components/format/share";
import { Card } from "@/components/ui/card";
import type { PrefillEffectAnswer } from "@/lib/query/prefill-answers";
import { FILL_STATES, VISIT_KINDS } from "./fill-names";

interface Row {
  name: string;
  label: string;
  words: string;
  colour: string;
  count: number;
}

/** What became of decisions to fill: whether somebody came for the value, and whether it was there; nothing before. */
export function UsageCard({ effect, span }: { effect: PrefillEffectAnswer; span: string }) {
  const visits = VISIT_KINDS.map((kind) => ({ ...kind, count: effect[kind.name] }));
  const fills = FILL_STATES.map((state) => ({ ...state, count: effect.fills[state.name] }));
  if (effect.decisions.fill === 0) return null;
  return (
    <Card title="Waste" note={`what became of fills, ${span}`}>
      <Shares title="First visits after decisions to fill" rows={visits} always={["used", "unused"]} />
      <Shares title="Fills" rows={fills} always={["filled", "late"]} />
    </Card>
  );
}

interface SharesProps {
  title: string;
  rows: readonly Row[];
  /** Listed even when there is none of them. */
  always: readonly string[];
}

function Shares({ title, rows, always }: SharesProps) {
  const total = rows.reduce((sum, { count }) => sum + count, 0);
  return (
    <div className="not-first:mt-4">
      <p className="mb-1.5 text-small text-muted">
        {title}: {formatCountExactly(total)}
      </p>
      <div aria-hidden className="mb-1 flex h-2.5 gap-0.5 overflow-hidden rounded bg-line-soft">
        {rows
          .filter(({ count }) => count > 0)
          .map(({ name, count, colour }) => (
            <i key={name} style={{ flexGrow: count, background: colour, minWidth: 2 }} />
          ))}
      </div>
      <dl className="text-table figures">
        {rows
          .filter(({ name, count }) => count > 0 || always.includes(name))
          .map(({ name, label, words, colour, count }) => (
            <div key={name} className="flex items-baseline gap-2 border-b border-line-soft py-[5px] last:border-0">
              <i className="size-[9px] shrink-0 rounded-[2px]" style={{ background: colour }} />
              <dt className="min-w-0">
                {label} <span className="block text-small text-muted phone:inline phone:text-table">{words}</span>
              </dt>
              <dd className="ml-auto">{formatCountExactly(count)}</dd>
              <dd className="w-14 text-right text-muted">{total === 0 ? "–" : formatShare(count / total)}</dd>
            </div>
          ))}
      </dl>
    </div>
  );
}
