import { type Dialect, fingerprint } from "../../wire/index.ts";
import { type Attributes, firstOf } from "./attributes.ts";
import type { Span } from "./read-traces.ts";

/** Systems that are asked in SQL: their texts lose their values. Of others no text is kept, which may be full of them. */
const SQL = new Map<string, Dialect>([
  ["mysql", "mysql"],
  ["mariadb", "mysql"],
  ...[
    ..."postgresql postgres sqlite cockroachdb redshift clickhouse other_sql h2 hsqldb derby db2 oracle mssql".split(
      " ",
    ),
    ..."microsoft.sql_server oracle.db ibm.db2 trino hive.server google.spanner gcp.spanner".split(" "),
  ].map((system) => [system, "postgresql"] as const),
]);

export const systemOf = (attributes: Attributes): string | undefined =>
  firstOf(attributes, "db.system.name", "db.system")?.toLowerCase();

/** What the statements of an export are, without their values. Most texts of an export are the same few. */
export class Statements {
  private readonly known = new Map<string, string>();

  textOf({ attributes, name }: Span, system: string): string {
    const dialect = SQL.get(system);
    const sql = dialect === undefined ? undefined : firstOf(attributes, "db.query.text", "db.statement");
    if (dialect === undefined || sql === undefined) return namedOf(attributes, system, name);
    const key = `${dialect} ${sql}`;
    const text = this.known.get(key) ?? (fingerprint(sql, dialect) || system);
    this.known.set(key, text);
    return text;
  }
}

/** The operation and what it is done to, in place of a text. */
function namedOf(attributes: Attributes, system: string, name: string): string {
  const operation = firstOf(attributes, "db.operation.name", "db.operation") ?? /^[\w.]+/.exec(name)?.[0] ?? "";
  const target = firstOf(attributes, "db.collection.name", "db.sql.table", "db.mongodb.collection") ?? "";
  return [system, operation, target]
    .filter((part) => part !== "")
    .join(" ")
    .slice(0, LONGEST)
    .toWellFormed()
    .replaceAll("\0", "\uFFFD");
}

const LONGEST = 500;
