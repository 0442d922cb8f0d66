import { questionSearch, type View } from "@/components/range/view";

/** The question about losses of all services in a range. */
export function lossesSearch(view: View): string {
  return questionSearch(view, { only: ["from", "to"] });
}
