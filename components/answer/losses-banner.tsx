import { formatCountExactly, formatRequests } from "@/components/format/count";
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
  return (
    <div className="mb-4">
      <Banner tone="warn" title={lossesTitle(known)}>
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

/** "In this range, 3 requests are missing or not told apart, and 1 entry of a batch could not be read." */
export function lossesTitle(losses: readonly LossCount[]): string {
  const requests = totalOf(losses, "requests");
  const entries = totalOf(losses, "entries");
  const statements = totalOf(losses, "statements");
  const told = [
    requests > 0 && `${formatRequests(requests)} ${requests === 1 ? "is" : "are"} missing or not told apart`,
    entries > 0 &&
      `${entries === 1 ? "1 entry of a batch" : `${formatCountExactly(entries)} entries of batches`} could not be read`,
    statements > 0 &&
      `${statements === 1 ? "1 statement is" : `${formatCountExactly(statements)} statements are`} not told apart`,
  ];
  return `In this range, ${told.filter(Boolean).join(", and ")}.`;
}

const totalOf = (losses: readonly LossCount[], unit: LossCount["unit"]): number =>
  losses.reduce((sum, loss) => sum + (loss.unit === unit ? loss.count : 0), 0);
