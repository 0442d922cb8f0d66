import { problemResponse, TailfillError } from "@/lib/errors";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
export type Method = (typeof METHODS)[number];
type Refusals = Record<Method | "OPTIONS", (request: Request) => Response>;

/**
 * The handlers for every method that a route does not answer: 405 as a problem, with `Allow`. The page framework's own
 * refusal has neither. `OPTIONS` is one of them, since the framework would list these as methods that are answered.
 * A route's file takes those it needs: `export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("GET")`.
 */
export function refuseAllBut(...answered: readonly Method[]): Refusals {
  const allow = allowOf(answered);
  const refuse = (request: Request) => refused(request.method, allow);
  const OPTIONS = () => new Response(null, { status: 204, headers: { allow, "cache-control": "no-store" } });
  return { GET: refuse, POST: refuse, PUT: refuse, PATCH: refuse, DELETE: refuse, OPTIONS };
}

function refused(method: string, allow: string): Response {
  const answer = problemResponse(
    new TailfillError("method_not_allowed", `${method} is not a method of this address, which answers ${allow}.`),
  );
  answer.headers.set("allow", allow);
  return answer;
}

/** Whoever answers GET answers HEAD as well. */
function allowOf(answered: readonly Method[]): string {
  return [...answered.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method])), "OPTIONS"].join(", ");
}
