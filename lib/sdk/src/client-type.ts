import type { CachePart, Outcome } from "../../wire/index.ts";
import type { Stats } from "./stats.ts";

/** What an app may name a user by. `null`, `undefined` and `""` mean that the request has no user. */
export type UserId = string | number | bigint | null | undefined;

/**
 * The framework's own request, whatever that is. It is the one place where the SDK's types give up: an adapter types
 * its own options exactly, but a client may be handed to any adapter, and no one type fits all requests.
 */
// oxlint-disable-next-line typescript/no-explicit-any
export type AnyRequest = any;

export interface TailfillOptions<Request = AnyRequest> {
  /** Where the tailfill server is, for example `https://tailfill.internal`. Default: `TAILFILL_URL`. */
  url?: string;
  /** An API key with the scope `ingest`. Default: `TAILFILL_API_KEY`. */
  apiKey?: string;
  /** The service's name, as OpenTelemetry's `service.name`. Default: `TAILFILL_SERVICE`, else `app`. */
  service?: string;
  /** As OpenTelemetry's `deployment.environment.name`. Default: `TAILFILL_ENVIRONMENT`, else `NODE_ENV`, else `production`. */
  environment?: string;
  /** The app's version, as OpenTelemetry's `service.version`. */
  release?: string;
  /** Unique per process. Default: host name, process id and a random part. Two processes must never share one. */
  instance?: string;
  /** Who makes this request. Called once the response is done, so that sign-in has run by then. */
  user?: (request: Request) => UserId;
  /** At least 32 random bytes as base64 or hex. With it, user ids leave the process sealed: only `openUser` opens them. */
  pseudonymKey?: string | Uint8Array;
  /** Width of a window, in seconds. Default 10. */
  windowSeconds?: number;
  /**
   * Told of each internal error; without it they are dropped. What this function throws is not caught (a test wants
   * to fail), so it should not throw in production.
   */
  onError?: (error: unknown) => void;
}

/** A running recorder with its sender. Nothing here throws, and no promise here rejects. */
export interface Client {
  /** False when URL or key is missing: then everything here does nothing. */
  readonly enabled: boolean;
  /** The `user` option, for the adapters. */
  readonly userOf: ((request: AnyRequest) => UserId) | undefined;
  /**
   * Counts one request.
   *
   * @param method the HTTP method
   * @param route the route's template (`/users/:id`), never the raw path
   * @param latencyUs whole microseconds from the request's start to the response's `close`
   * @param user the app's own id of the user, if there is one
   * @param part whether it found what it needed in a cache, if it used one
   */
  // oxlint-disable-next-line max-params -- called for every request: an object would be garbage each time
  record(method: string, route: string, outcome: Outcome, latencyUs: number, user?: UserId, part?: CachePart): void;
  /** Tells `onError`. For the adapters, which catch what goes wrong around a request. */
  report(error: unknown): void;
  /**
   * Closes the current window and sends what is pending, until the server refuses or cannot be reached. Never sends
   * before a `Retry-After` is over. Takes at most about the send timeout (5 s) against a dead server.
   */
  flush(): Promise<void>;
  /** Flushes, then stops for good. What could not be sent by then is lost, and `stats()` says how much. */
  stop(): Promise<void>;
  /** What happened so far. */
  stats(): Stats;
}
