import type { Place } from "@/components/prefill/place";
import type { EndpointIdentity } from "@/lib/query/answers";

/** The form of a new rule about an endpoint; its threshold is half as much again as the p99 now, in two digits. */
export function newRuleAddress(endpoint: EndpointIdentity, p99Us: number | null): string {
  const { service, environment, method, route } = endpoint;
  const search = new URLSearchParams({ service, environment, endpoint: `${method} ${route}` });
  if (p99Us !== null && p99Us > 0) search.set("latency", `${Number(((p99Us * 1.5) / 1_000).toPrecision(2))} ms`);
  return `/alerts/rules/new?${search.toString()}`;
}

/** The form of a new rule about what query guards stop in a service and environment. */
export function newStoppedRuleAddress({ service, environment }: Place): string {
  const search = new URLSearchParams({ kind: "stopped_queries", service, environment });
  return `/alerts/rules/new?${search.toString()}`;
}
