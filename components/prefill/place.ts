import type { ServicesAnswer } from "@/lib/query/answers";

/** The service and environment that prefill is decided for: always one of each. */
export interface Place {
  service: string;
  environment: string;
}

/**
 * The place that an address means. What it leaves open is filled in by the service heard of last; `null` when nothing was ever sent
 * and the address names no service either.
 */
export function placeOf(services: ServicesAnswer["services"], wanted: Place): Place | null {
  const seen = [...services].sort((a, b) => (b.lastSeenAt ?? "").localeCompare(a.lastSeenAt ?? ""));
  const { service, environment } = wanted;
  const found = seen.find(
    ({ name, environments }) =>
      (service === "" || name === service) && (environment === "" || environments.includes(environment)),
  );
  if (found !== undefined) return { service: found.name, environment: environment || found.environments[0]! };
  return service === "" && seen.length === 0 ? null : { service, environment };
}

/** All places, by service. */
export const placesOf = (services: ServicesAnswer["services"]): Place[] =>
  services.flatMap(({ name, environments }) => environments.map((environment) => ({ service: name, environment })));
