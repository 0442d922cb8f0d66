import type { CatalogEndpoint } from "../store/catalog.ts";
import { matchesGlob } from "./glob.ts";
import type { Rule, RuleOf } from "./rule.ts";

/** What a series is about. */
export interface About {
  service: string;
  environment: string;
  /** Of the endpoint, or of the `total` that stands for the service. */
  endpointId?: number;
  method?: string;
  route?: string;
  user?: string;
  /** Of a burn rate: pages and tickets are series of their own. */
  severity?: "page" | "ticket";
}

/** One of the things that a rule says something about. */
export interface Subject {
  /** Tells the series of a rule apart, for as long as it is about the same thing. */
  key: string;
  about: About;
}

/** An endpoint by its names, as patterns see it. */
export const endpointName = ({ method, route }: { method: string; route: string }): string => `${method} ${route}`;

/** The endpoints that a rule is about; the `total` of its service when it names none. None while nothing was ever sent. */
export function endpointsOf(rule: Rule, catalog: readonly CatalogEndpoint[]): CatalogEndpoint[] {
  const own = catalog.filter(
    ({ service, environment }) => service === rule.service && environment === rule.environment,
  );
  if (rule.kind === "prefill") return own.filter(({ total }) => total);
  const { endpoint, endpoints } = rule;
  if (endpoint !== undefined)
    return own.filter((one) => !one.total && one.method === endpoint.method && one.route === endpoint.route);
  if (endpoints !== undefined) return own.filter((one) => !one.total && matchesGlob(endpoints, endpointName(one)));
  return own.filter(({ total }) => total);
}

/** The endpoints whose users a rule is about: the `total` of a service has none of its own. */
export function endpointsOfUsers(rule: RuleOf<"user">, catalog: readonly CatalogEndpoint[]): CatalogEndpoint[] {
  const isWhole = rule.endpoint === undefined && rule.endpoints === undefined;
  return (isWhole ? [...catalog] : endpointsOf(rule, catalog)).filter(({ total }) => !total);
}

/** The series of a rule, but for those about users, which are found by who is slow. */
export function subjectsOf(rule: Rule, catalog: readonly CatalogEndpoint[]): Subject[] {
  return endpointsOf(rule, catalog).flatMap((endpoint) => {
    const subject = subjectOf(endpoint);
    return rule.kind === "burn_rate"
      ? severitiesOf(rule.pairs).map((severity) => bySeverity(subject, severity))
      : [subject];
  });
}

function subjectOf({ id, total, service, environment, method, route }: CatalogEndpoint): Subject {
  const about = { service, environment, endpointId: id };
  return total ? { key: "service", about } : { key: `endpoint ${id}`, about: { ...about, method, route } };
}

const bySeverity = ({ key, about }: Subject, severity: "page" | "ticket"): Subject => ({
  key: `${key} ${severity}`,
  about: { ...about, severity },
});

function severitiesOf(pairs: readonly { severity: "page" | "ticket" }[]): ("page" | "ticket")[] {
  return (["page", "ticket"] as const).filter((severity) => pairs.some((pair) => pair.severity === severity));
}

export const userSubject = (rule: { service: string; environment: string }, user: string): Subject => ({
  key: `user ${user}`,
  about: { service: rule.service, environment: rule.environment, user },
});
