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
  const total = known.reduce((sum, { count }) => sum + count, 0);
  return (
    <div className="mb-4">
      <Banner
        tone="warn"
        title={`${formatCountExactly(total)} ${total === 1 ? "request is" : "requests are"} not told apart or missing in this range.`}
      >
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
