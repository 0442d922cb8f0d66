import type { Wire } from "./connection.ts";

/** What is used of a query of pg. */
export interface Query {
  text?: unknown;
  name?: unknown;
  values?: unknown;
  callback?: unknown;
  submit: (this: unknown, wire: Wire) => unknown;
  requiresPreparation?: () => boolean;
  handleDataRow?: (this: unknown, message: unknown) => unknown;
  handleCommandComplete?: (this: unknown, message: unknown, wire: Wire) => unknown;
  handleReadyForQuery?: (this: unknown, wire: Wire) => unknown;
  handleError?: (this: unknown, error: unknown, wire: Wire) => unknown;
}

/**
 * Sends a limit in front of a statement, in one go with it: both are one transaction to the database, which forgets the
 * limit at its end, and no time is lost by waiting. A limit that is stricter already stays. What the database answers to
 * it, the query does not hear.
 */
export function submitWithLimit(query: Query, wire: Wire, limitMs: number, submit: () => unknown): unknown {
  if (!isFit(query, wire)) return submit();
  wire.stream.cork?.();
  try {
    query.requiresPreparation = () => true;
    wire.parse({ text: limitSql(limitMs) });
    wire.bind({});
    wire.execute({});
    const problem = submit();
    deafen(query);
    return problem;
  } finally {
    wire.stream.uncork?.();
  }
}

/** What pg refuses without sending it would leave our part alone on the connection, and both without an answer. */
function isFit({ text, name, values }: Query, { parsedStatements, submittedNamedStatements }: Wire): boolean {
  if (typeof text !== "string" || (values !== undefined && values !== null && !Array.isArray(values))) return false;
  if (typeof name !== "string" || name === "") return true;
  const before = parsedStatements?.[name] ?? submittedNamedStatements?.[name];
  return before === undefined || before === text;
}

/** `set_config` with `true` is `SET LOCAL`, which would warn where the transaction has not been begun by name. */
function limitSql(limitMs: number): string {
  const now = "pg_catalog.current_setting('statement_timeout')";
  return (
    `select pg_catalog.set_config('statement_timeout', case when ${now}::interval between '1 ms' and '${limitMs} ms' ` +
    `then ${now} else '${limitMs}' end, true)`
  );
}

/** Until our part is answered. pg would also take our part for the statement's own, and its name for known. */
function deafen(query: Query): void {
  const { name, handleDataRow, handleCommandComplete, handleError } = query;
  query.name = undefined;
  query.handleDataRow = () => undefined;
  const hear = (): void => {
    query.name = name;
    Object.assign(query, { handleDataRow, handleCommandComplete, handleError });
  };
  query.handleCommandComplete = hear;
  query.handleError = (error, wire) => {
    hear();
    if (typeof name === "string") delete wire.submittedNamedStatements?.[name];
    return query.handleError?.(error, wire);
  };
}
