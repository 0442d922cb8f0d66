/**
 * Whether an error means that the database cannot be asked at the moment (stopped, starting, failing over, out of
 * connections), as against a question that it refused. Such a request is answered with 503 and may be sent again.
 */
export function isDatabaseDown(error: unknown): boolean {
  return causesOf(error).some(
    ({ code, kind, originalCode, name, message }) =>
      name === "PrismaClientInitializationError" ||
      name === "PrismaClientRustPanicError" ||
      [code, originalCode].some((c) => typeof c === "string" && DOWN_CODE.test(c)) ||
      (typeof kind === "string" && DOWN_KINDS.has(kind)) ||
      (typeof message === "string" && DOWN_MESSAGE.test(message)),
  );
}

/** Whether the database refused a text for a character that it cannot hold, which is NUL. */
export function isTextRefused(error: unknown): boolean {
  return causesOf(error).some(
    ({ code, originalCode, message }) =>
      [code, originalCode].includes("22021") || (typeof message === "string" && message.includes("Code: `22021`")),
  );
}

/** Whether the database refused a row because another has the same key. */
export function isUniqueRefused(error: unknown): boolean {
  return causesOf(error).some(({ code, originalCode }) =>
    [code, originalCode].some((c) => c === "P2002" || c === "23505"),
  );
}

/** Whether a replica gave up a question because the changes that it had to take in meanwhile would have changed the answer. */
export function isOvertakenByRecovery(error: unknown): boolean {
  return causesOf(error).some(
    ({ code, originalCode, message }) =>
      [code, originalCode].includes("40001") ||
      (typeof message === "string" && /conflict with recovery|Code: `40001`/.test(message)),
  );
}

/** An error with its causes, where Prisma and its adapter keep them. */
function causesOf(error: unknown, depth = 0): Record<string, unknown>[] {
  if (typeof error !== "object" || error === null || depth > 5) return [];
  const one = error as Record<string, unknown>;
  const { driverAdapterError } = (one["meta"] ?? {}) as { driverAdapterError?: unknown };
  return [one, ...causesOf(one["cause"], depth + 1), ...causesOf(driverAdapterError, depth + 1)];
}

// Prisma's connection codes; PostgreSQL's classes 08 (connection), 57P0x (shutting down, starting), 53300 (too many
// connections), 25006 (a standby after a failover); and the socket's own.
const DOWN_CODE =
  /^(P1001|P1002|P1008|P1011|P1017|P2024|P2028|P2037|08\d{3}|57P0[1-5]|53300|25006|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;
const DOWN_KINDS = new Set(["DatabaseNotReachable", "ConnectionClosed", "SocketTimeout", "TooManyConnections"]);
// What pg and the adapter say without a code of theirs; Prisma puts it on the last line of a longer text. The socket of
// the embedded database is a file that is gone while it is down.
const DOWN_MESSAGE =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|Query read timeout|Cannot use a pool after calling end|connect (ENOENT|EACCES) \S*\.s\.PGSQL)/m;
