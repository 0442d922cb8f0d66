import type { Running } from "../database/statement.ts";

/** A query by itself, as a cursor, a stream or `COPY`: the client tells it of what the database answers. */
export interface Submittable {
  text?: string;
  submit(connection: unknown): unknown;
  handleDataRow?: Handler;
  handleReadyForQuery?: Handler;
  handleError?: Handler;
}

type Handler = (this: unknown, ...args: unknown[]) => unknown;

/** Counts its rows as they come, until the database is done with it, which may wait for the app to read them. */
export function followSubmittable(query: Submittable, statement: Running): void {
  let rows = 0;
  before(query, "handleDataRow", () => rows++);
  before(query, "handleReadyForQuery", () => statement.end(rows));
  before(query, "handleError", (error) => statement.fail(error, rows));
}

function before(
  query: Submittable,
  name: "handleDataRow" | "handleReadyForQuery" | "handleError",
  note: (of: unknown) => void,
): void {
  const own = query[name];
  if (typeof own !== "function") return;
  query[name] = function (...args) {
    note(args[0]);
    return own.apply(this, args);
  };
}
