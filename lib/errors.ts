/**
 * The closed list of errors: code, HTTP status, and what the reader can do next.
 * `docs/errors.md` documents each; a test keeps both lists equal.
 */
export const ERRORS = {
  bad_request: [400, "Correct the request as `detail` says and send it again."],
  not_a_batch: [400, "Send a batch as docs/ingest.md describes it."],
  not_otlp: [400, "Send an export of OTLP/HTTP 1.x, in protobuf or JSON: docs/otlp.md."],
  unauthenticated: [401, "Sign in, or send `Authorization: Bearer tf_…` with a valid API key."],
  wrong_credentials: [401, "Check the e-mail address and the password, and try again."],
  forbidden: [403, "Use a key that has the scope named in `detail`, or ask whoever runs this server."],
  cross_site: [403, "Send the request from tailfill's own pages (the Origin header must be this server's address)."],
  not_found: [404, "Check the address; the thing may have been removed."],
  method_not_allowed: [405, "Use a method that the Allow header names."],
  body_timeout: [408, "Send the whole body within 10 seconds."],
  batch_id_conflict: [409, "Give every batch an id of its own; the one sent is known with other contents."],
  import_conflict: [409, "Ask GET /api/v1/import how far the source was imported, and go on from there."],
  already_exists: [409, "Choose another name or address."],
  setup_closed: [410, "A first user exists already: sign in instead."],
  link_expired: [410, "Ask for a new link."],
  too_large: [413, "Send smaller batches: at most 1 MiB on the wire and 8 MiB inflated."],
  unsupported_encoding: [415, "Send identity or gzip with a supported content type."],
  time_out_of_range: [422, "Check this machine's clock: a window may be at most 10 minutes ahead and 48 hours old."],
  too_many_requests: [429, "Wait as long as Retry-After says."],
  internal: [500, "Look into the server's log for the reference in `detail`."],
  method_unknown: [501, "Use a method of HTTP that an API has: GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS."],
  database_unavailable: [503, "Try again after Retry-After; nothing of this request was stored."],
  overloaded: [503, "Try again after Retry-After; nothing of this request was stored."],
  disk_full: [507, "Free disk space on the server: it stops accepting below 200 MB."],
  bad_setting: [500, "Correct the settings named and start again."],
  import_failed: [
    500,
    "Mend what is named, and run the same import again: it goes on where it was, and counts nothing twice.",
  ],
  data_dir_held: [500, "Stop the other tailfill on this data directory, or choose another with --data-dir."],
  port_taken: [500, "Choose another port with --port, or stop the program that holds it."],
  migration_failed: [500, "Read the message of the database, repair what it names, and start again."],
  citus_missing: [500, "Run CREATE EXTENSION citus on a cluster that has it, and add its machines: docs/scaling.md."],
  database_start_failed: [500, "Read the message of PostgreSQL above; the data directory is left as it is."],
  bad_backup: [500, "Take another backup, or copy this file again: nothing was changed."],
  backup_too_new: [500, "Upgrade tailfill to the version that made the backup, or a newer one: nothing was changed."],
  database_not_empty: [500, "Restore into an empty database, or add --replace to lose what is in this one."],
  interrupted: [500, "Run the command again: nothing was changed."],
  database_in_use: [500, "Stop every tailfill on this database, then restore: nothing was changed."],
} as const satisfies Record<string, readonly [status: number, next: string]>;

export type ErrorCode = keyof typeof ERRORS;

/** An error of the closed list. `message` says what happened (no secrets); `status` and `next` come from the list. */
export class TailfillError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  /** What the reader can do about it. */
  readonly next: string;
  /** Seconds for the `Retry-After` header, where trying again makes sense. */
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; retryAfterSeconds?: number } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "TailfillError";
    this.code = code;
    [this.status, this.next] = ERRORS[code];
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** RFC 9457 body of an error; the only shape in which the API tells one. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: ErrorCode;
  detail: string;
}

export function toProblem(error: TailfillError): Problem {
  return {
    type: `https://tailfill.dev/errors/${error.code}`,
    title: error.next,
    status: error.status,
    code: error.code,
    detail: error.message,
  };
}

/** The answer for an error of any kind: unknown ones become `internal` and show nothing of themselves. */
export function problemResponse(error: unknown): Response {
  const known = error instanceof TailfillError ? error : new TailfillError("internal", "Something unexpected failed.");
  const headers = new Headers({ "content-type": "application/problem+json", "cache-control": "no-store" });
  if (known.retryAfterSeconds !== undefined) headers.set("retry-after", String(known.retryAfterSeconds));
  if (known.status === 401) headers.set("www-authenticate", 'Bearer realm="tailfill"');
  return new Response(JSON.stringify(toProblem(known)), { status: known.status, headers });
}
