import { statementKind } from "../guard/statement.ts";
import { tokensOf } from "../guard/tokens.ts";
import { Generations } from "./generations.ts";

/**
 * What a statement of PostgreSQL does: `read` and `write` are single ones that may be stopped and that run in any transaction,
 * `control` begins, ends or sets, and `other` is all else: schema, upkeep, `COPY`, `nokill`, several in one text.
 */
export type StatementWork = "read" | "write" | "control" | "other";

/** Of longer texts the beginning is read. */
const READ = 8_192;
const CONTROL = new Set([
  "begin",
  "start",
  "commit",
  "end",
  "rollback",
  "savepoint",
  "release",
  "set",
  "reset",
  "show",
]);

const known = new Generations(1_000, workIn);

export function workOf(text: string): StatementWork {
  // Safe: it holds what `workIn` gave.
  return known.of(text) as StatementWork;
}

function workIn(text: string): StatementWork {
  const start = text.slice(0, READ);
  const tokens = tokensOf(start, "postgresql").filter(({ kind }) => kind !== "comment");
  const end = tokens.findIndex((token) => token.text === ";");
  const isCut = text.length > READ;
  if ((end >= 0 && end < tokens.length - 1) || (isCut && text.includes(";", READ))) return "other";
  const kind = statementKind(start, "postgresql", isCut);
  if (kind === "read" || kind === "write") return kind;
  return CONTROL.has(tokens[0]?.text.toLowerCase() ?? "") ? "control" : "other";
}
