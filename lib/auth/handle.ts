import { randomBytes } from "node:crypto";
import { z } from "zod";
import { problemResponse, TailfillError } from "@/lib/errors";
import { problemsOf } from "@/lib/input-problems";
import { log } from "@/lib/log";
import { isDatabaseDown, isTextRefused } from "@/lib/store/failure";

/** Seconds after which a client may ask again when the database was down. */
const DATABASE_RETRY_SECONDS = 5;

/**
 * Wraps a route handler: whatever it throws is answered as a problem of the closed list, and no answer is stored by
 * a cache unless the handler says otherwise. Context is what Next.js passes besides the request (`params`).
 */
export function handle<Context = unknown>(
  answer: (request: Request, context: Context) => Response | Promise<Response>,
): (request: Request, context: Context) => Promise<Response> {
  return async (request, context) => {
    try {
      const response = await answer(request, context);
      if (!response.headers.has("cache-control")) response.headers.set("cache-control", "no-store");
      return response;
    } catch (error) {
      if (isNextSignal(error)) throw error;
      return problemResponse(toTailfillError(error, request));
    }
  };
}

/** The error of the closed list that tells this one; an unknown one is logged under a reference that is told. */
export function toTailfillError(error: unknown, request: Request): TailfillError {
  if (error instanceof TailfillError) return error;
  if (error instanceof z.ZodError) return new TailfillError("bad_request", problemsOf(error).join(" "));
  if (isDatabaseDown(error))
    return new TailfillError("database_unavailable", "The database does not answer at the moment.", {
      cause: error,
      retryAfterSeconds: DATABASE_RETRY_SECONDS,
    });
  if (isTextRefused(error)) return new TailfillError("bad_request", "A text holds NUL, which no text here may hold.");
  const reference = randomBytes(6).toString("hex");
  const { pathname } = new URL(request.url);
  log("http").error({ err: error, reference, method: request.method, path: pathname }, "a request failed");
  return new TailfillError("internal", `Something unexpected failed. Reference: ${reference}`, { cause: error });
}

/** `redirect()`, `notFound()` and the like are thrown by Next.js for itself. */
function isNextSignal(error: unknown): boolean {
  const digest = (error as { digest?: unknown } | null)?.digest;
  return typeof digest === "string" && /^(NEXT_|DYNAMIC_SERVER_USAGE|BAILOUT_TO_CLIENT)/.test(digest);
}
