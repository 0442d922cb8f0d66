import type { IncomingMessage } from "node:http";
import type { UserId } from "../client-type.ts";

/** Whose request, or job, it was. */
export interface Asker {
  /** The app's own id. */
  user: UserId;
  /** Of a request. */
  req?: IncomingMessage | undefined;
}

/** https://www.w3.org/TR/trace-context/: version, trace id, parent id, flags. All zeros are no id. */
const TRACEPARENT = /^[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}/;

/** The trace that a request says it is a part of. */
export function traceIdOf({ req }: Asker): string | null {
  const header = req?.headers["traceparent"];
  return typeof header === "string" ? (TRACEPARENT.exec(header)?.[1] ?? null) : null;
}
