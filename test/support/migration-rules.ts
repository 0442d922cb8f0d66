/** Tables whose rows are many: what locks or rewrites them keeps ingest waiting for minutes. */
const BIG =
  /^(endpoint_window_\w+|user_window_\w+|batch|batch_receipt|user_label|prefill_decision|prefill_profile|loss|otlp_series)$/;

interface Rule {
  readonly pattern: RegExp;
  readonly why: string;
  /** Whether it does no harm to this table. Without it, harm to any that was there before. */
  readonly isFine?: (table: string, statement: string) => boolean;
}

const TABLE = String.raw`(?:ONLY\s+)?"?(\w+)"?`;
const ALTER = String.raw`^ALTER TABLE (?:IF EXISTS )?${TABLE}[\s\S]*?\b`;
const rule = (pattern: string, why: string, isFine?: Rule["isFine"]): Rule => ({
  pattern: new RegExp(pattern, "i"),
  why,
  ...(isFine && { isFine }),
});

const isSmall = (table: string): boolean => !BIG.test(table);

/** What a migration must not do to a table that the version before knows. */
const RULES: readonly Rule[] = [
  rule(`^DROP TABLE (?:IF EXISTS )?${TABLE}`, "drops a table that the version before uses"),
  rule(
    `^DROP (?:INDEX|TYPE|FUNCTION|VIEW|SEQUENCE)\\s+(?:IF EXISTS )?"?(\\w+)"?`,
    "drops what the version before uses",
  ),
  rule(`${ALTER}DROP COLUMN`, "drops a column that the version before uses"),
  rule(`${ALTER}DROP DEFAULT`, "takes away a default that INSERTs of the version before rely on"),
  rule(`${ALTER}RENAME`, "renames what the version before knows by its name"),
  rule(`${ALTER}SET NOT NULL`, "refuses rows that the version before writes"),
  rule(`${ALTER}(?:SET DATA )?TYPE\\b`, "changes a type under the version before, and rewrites the table"),
  rule(
    `${ALTER}ADD COLUMN[^,;]*NOT NULL`,
    "adds a column that INSERTs of the version before leave out",
    (_, statement) => addedColumns(statement).every((column) => !/NOT NULL/i.test(column) || /DEFAULT/i.test(column)),
  ),
  rule(
    `${ALTER}ADD CONSTRAINT`,
    "checks every row, and refuses what the version before may write: add it NOT VALID",
    (_, statement) => /NOT VALID/i.test(statement),
  ),
  rule(`^CREATE UNIQUE INDEX[\\s\\S]*? ON ${TABLE}`, "refuses rows that the version before may write"),
  rule(
    `^CREATE INDEX[\\s\\S]*? ON ${TABLE}`,
    "keeps every write to a big table waiting: make it on ONLY the partitioned table",
    (table, statement) => isSmall(table) || / ON ONLY /i.test(statement),
  ),
  rule(`^(?:UPDATE|DELETE FROM|TRUNCATE(?: TABLE)?) ${TABLE}`, "rewrites a big table", isSmall),
];

const addedColumns = (statement: string): string[] => statement.split(/,(?=\s*ADD )/i);

/**
 * What in a migration the version before could not bear while it runs beside it. Tables that the migration itself makes are its own.
 * @returns a sentence for each statement that must not be
 */
export function migrationProblems(sql: string): string[] {
  const statements = statementsOf(sql);
  const own = new Set(
    statements.flatMap(({ text }) => /^CREATE TABLE (?:IF NOT EXISTS )?"?(\w+)"?/i.exec(text)?.[1] ?? []),
  );
  return statements.flatMap(({ text, isUnused }) => {
    if (/^(BEGIN|COMMIT|ROLLBACK|START TRANSACTION|SAVEPOINT)\b/i.test(text))
      return [`${text}: has transaction control`];
    return RULES.flatMap(({ pattern, why, isFine }) => {
      const table = pattern.exec(text)?.[1];
      if (table === undefined || own.has(table) || isUnused || isFine?.(table, text)) return [];
      return [`${text.slice(0, 120)}: ${why}`];
    });
  });
}

/** Statements of a migration (none of ours has a semicolon within quotes, but for bodies of functions, which `$$` hold). */
function statementsOf(sql: string): { text: string; isUnused: boolean }[] {
  const whole = sql.replaceAll(/\$\$[\s\S]*?\$\$/g, "''");
  return whole.split(";").map((part) => ({
    text: part
      .replaceAll(/^\s*--.*$/gm, "")
      .trim()
      .replaceAll(/\s+/g, " "),
    isUnused: /^\s*-- unused since \d{14}_\w+\s*$/m.test(part),
  }));
}
