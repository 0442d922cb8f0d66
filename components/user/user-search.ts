import { questionSearch, type View } from "@/components/range/view";

/** What is asked of a user: few requests carry no deeper percentile. */
export const USER_PERCENTILES = [50, 95, 99];

/** The question about a user, and the key under which its answer is remembered. */
export function userSearch(view: View): string {
  const only = ["service", "environment", "from", "to", "percentiles"];
  return questionSearch({ ...view, percentiles: USER_PERCENTILES }, { only });
}
