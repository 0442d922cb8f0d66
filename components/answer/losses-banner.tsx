import { formatCountExactly } from "@/components/format/count";
import { Banner } from "@/components/ui/banner";
import type { LossCount } from "@/lib/query/answers";

interface LossesBannerProps {
  losses: readonly LossCount[];
  /** A sentence for each reason. */
  texts: Readonly<Record<string, string>>;
}

/** Names what is missing from the figures below, or counted elsewhere; nothing when nothing is. */
export function LossesBanner({ losses, texts }: LossesBannerProps) {
  const known = losses.filter(({ count }) => count > 0);
  if (known.length === 0) return null;
  const title = [
    ...titleOf(known, "requests", ["request is", "requests are"]),
    ...titleOf(known, "entries", ["entry of a batch is", "entries of batches are"]),
  ];
  return (
    <div className="mb-4">
      <Banner tone="warn" title={`${title.join(" and ")} not told apart or missing in this range.`}>
        <ul className="mt-0.5 text-muted">
          {known.map(({ reason, count }) => (
            <li key={reason}>
              <span className="figures">{formatCountExactly(count)}</span> × {texts[reason] ?? reason}
            </li>
          ))}
        </ul>
      </Banner>
    </div>
  );
}

/** "3 requests are"; nothing when nothing was counted in this unit. */
function titleOf(losses: readonly LossCount[], unit: LossCount["unit"], [one, several]: [string, string]): string[] {
  const total = losses.reduce((sum, loss) => sum + (loss.unit === unit ? loss.count : 0), 0);
  return total === 0 ? [] : [`${formatCountExactly(total)} ${total === 1 ? one : several}`];
}
