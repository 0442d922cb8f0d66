import type { Place } from "@/components/prefill/place";
import { placedSearch } from "@/components/queries/placed-search";
import type { View } from "@/components/range/view";
import { PageLink } from "@/components/ui/page-link";
import { figureOf, type Seen } from "./seen-words";

interface StoppedLinkProps {
  seen: Seen;
  place: Place;
  view: View;
}

/** The way to what query guards stopped, where a rule has looked at that. */
export function StoppedLink({ seen, place, view }: StoppedLinkProps) {
  if (figureOf(seen, "thresholdQueries") === null) return null;
  return (
    <PageLink href={`/queries/stopped?${placedSearch(view, place)}`} className="text-table text-accent hover:underline">
      What guards stopped in this time
    </PageLink>
  );
}
