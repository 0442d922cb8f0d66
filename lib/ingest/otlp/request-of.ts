import { cleanName, type Outcome, UNMATCHED } from "../../wire/index.ts";
import { type Attributes, firstOf } from "./attributes.ts";

/** What attributes by the semantic conventions of HTTP, stable or those before, tell of a request. */
export interface RequestNames {
  method: string;
  route: string;
  outcome: Outcome;
}

/** The request of a server's span or point; `null`: it is none of HTTP. */
export function requestOf(attributes: Attributes, isError = false): RequestNames | null {
  const method = firstOf(attributes, "http.request.method", "http.method");
  if (method === undefined) return null;
  return { method: methodOf(method), route: routeOf(attributes), outcome: outcomeOf(attributes, isError) };
}

/** Methods in parentheses are reserved, so nobody may name one. */
const methodOf = (method: string): string => (/^[\w-]{1,32}$/.test(method) ? method.toUpperCase() : "_OTHER");

/** The route's template. Paths are never taken: there are as many as there are things. */
function routeOf(attributes: Attributes): string {
  const route = attributes.get("http.route");
  if (route === undefined) return UNMATCHED;
  // Django's templates have no slash in front.
  return cleanName(/^[/^*]/.test(route) ? route : `/${route}`);
}

/** What nginx writes of requests whose client left first. */
const CLIENT_LEFT = 499;

function outcomeOf(attributes: Attributes, isError: boolean): Outcome {
  const error = firstOf(attributes, "error.type");
  const status = Number(firstOf(attributes, "http.response.status_code", "http.status_code") ?? error);
  if (status === CLIENT_LEFT) return "aborted";
  if (status >= 500 && status < 600) return "server_error";
  if (status >= 400 && status < 500) return "client_error";
  if (status >= 100 && status < 400) return "ok";
  return error !== undefined || isError ? "server_error" : "ok";
}

/** The user of a span: the first of the attributes that may name one. */
export function userOf(attributes: Attributes): string | undefined {
  const user = firstOf(attributes, "enduser.pseudo.id", "enduser.id", "user.id");
  return user === undefined ? undefined : cleanName(user);
}
