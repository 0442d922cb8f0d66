import type { Place } from "@/components/prefill/place";
import { questionSearch, type View } from "@/components/range/view";

/** What a page about databases asks for: of one service and environment, in a range. */
export const placedSearch = (view: View, place: Place): string =>
  questionSearch({ ...view, ...place }, { only: ["service", "environment", "from", "to"] });

/** The same without the range, which files have of the answer. */
export const placeFiles = ({ service, environment }: Place): string =>
  new URLSearchParams({ service, environment }).toString();
