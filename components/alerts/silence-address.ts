import type { AlertAnswer } from "@/lib/query/alert-answer-schemas";

type Incident = Pick<AlertAnswer<"AlertIncident">, "rule" | "service" | "environment">;

/** The form of a new silence, filled in so that it mutes an incident. A star in a name would stand for any text, which mutes that name as well. */
export function silenceAddress({ rule, service, environment }: Incident): string {
  const search = new URLSearchParams({ new: "1", rule, service, environment });
  return `/alerts/silences?${search.toString()}`;
}
