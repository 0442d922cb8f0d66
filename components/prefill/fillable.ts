/** Words of a route that say that the parameter after them is the user. */
const OF_USERS = /^(users?|members?|customers?|people|profiles?)$/i;
/** Names of parameters that are the user, wherever they stand. */
const USER_NAME = /^(uid|user|user_?(id|name)|(member|customer)_?id)$/i;

const SEGMENT = { express: /^:(\w+)/, next: /^\[(\w+)\]$/, otel: /^\{(\w+)\}$/ };

/** A route of a GET endpoint, as Express writes it, and what its value depends on. */
export interface RouteKey {
  route: string;
  /** The parameter that is the user; `null`: none is, the user is who asks. */
  userParameter: string | null;
  /** All other parameters. A fill is computed for a user alone, so with any of these there is nothing to fill as a whole. */
  others: string[];
}

/** What the value of an endpoint depends on, by its name, as `GET /users/:id`; `null` for what reads nothing, or has no route. */
export function routeKey(name: string): RouteKey | null {
  const path = /^GET (\/.*)$/.exec(name)?.[1];
  if (path === undefined) return null;
  const segments = path.split("/").slice(1);
  const names = segments.map(parameterOf);
  const user = names.findIndex((one, at) => one !== null && isUser(one, segments[at - 1] ?? ""));
  return {
    route: `/${segments.map((segment, at) => (names[at] && names[at] !== "*" ? `:${names[at]}` : segment)).join("/")}`,
    userParameter: names[user] ?? null,
    others: names.filter((one, at): one is string => one !== null && at !== user),
  };
}

/** A route's parameter by its name; `*` for what takes any rest; `null` for a fixed part. */
function parameterOf(segment: string): string | null {
  for (const form of Object.values(SEGMENT)) {
    const found = form.exec(segment)?.[1];
    if (found !== undefined) return found;
  }
  return /[*:[\]{}()]/.test(segment) ? "*" : null;
}

const isUser = (parameter: string, before: string): boolean =>
  parameter !== "*" && (USER_NAME.test(parameter) || OF_USERS.test(before));
