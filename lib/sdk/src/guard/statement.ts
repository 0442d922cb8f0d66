import type { Dialect } from "../database/fingerprint.ts";
import { tokensOf, type Token } from "./tokens.ts";

/**
 * What a statement does: `nokill` when it says so itself, `other` when it is nothing that the guard knows to be harmless to
 * stop, which includes what a session runs under a prepared name.
 */
export type StatementKind = "read" | "write" | "schema" | "copy" | "dump" | "nokill" | "other";

const READS = new Set(["select", "with", "values", "table"]);
const WRITES = new Set(["insert", "update", "delete", "merge", "replace"]);
/** Changes of the schema, and the upkeep of tables: stopped half-way, they cost more than they did. */
const SCHEMA = new Set(
  (
    "create alter drop truncate comment grant revoke reassign security import rename " +
    "vacuum analyze analyse reindex cluster refresh checkpoint lock optimize repair check checksum flush"
  ).split(" "),
);
const COPIES = new Set(["copy", "load"]);
/** Within a read they make it a write: `WITH … AS (DELETE …)`, `SELECT … INTO`, `FOR UPDATE`. */
const WRITING = new Set(["insert", "update", "delete", "merge", "into"]);

/**
 * By the words of it alone, so a harmless name such as `update` makes a read a write: it is left alone then.
 * @param isCut whether the database gave the beginning only: what a `WITH` ends in is not known then
 */
export function statementKind(sql: string, dialect: Dialect, isCut: boolean): StatementKind {
  const tokens = tokensOf(sql, dialect);
  const comments = tokens.filter(({ kind }) => kind === "comment").map(({ text }) => text);
  if (comments.some((text) => /\bno_?kill\b/i.test(text))) return "nokill";
  // What mysqldump and mariadb-dump begin each of their reads with.
  if (comments.some((text) => /^\/\*!\d+ SQL_NO_CACHE/.test(text))) return "dump";
  const parts = partsOf(tokens);
  const kinds = parts.map(kindOfPart);
  const [first = "other"] = kinds;
  // One that is not known makes all that is sent together unknown.
  const worst = kinds.find((kind) => kind !== "read" && kind !== "write") ?? kinds.find((kind) => kind === "write");
  return worst ?? (isCut && parts.at(-1)?.[0] === "with" ? "write" : first);
}

/** The words of each of the statements that were sent together. */
function partsOf(tokens: readonly Token[]): string[][] {
  const parts: string[][] = [[]];
  for (const { kind, text } of tokens) {
    if (text === ";") parts.push([]);
    else if (kind === "word") parts.at(-1)?.push(text.toLowerCase());
    else if (kind !== "comment" && text !== "(" && parts.at(-1)?.length === 0) parts.at(-1)?.push(text);
  }
  return parts.filter((words) => words.length > 0);
}

function kindOfPart([first = "", ...rest]: readonly string[]): StatementKind {
  if (SCHEMA.has(first)) return "schema";
  if (COPIES.has(first)) return "copy";
  if (WRITES.has(first)) return "write";
  if (!READS.has(first)) return "other";
  return rest.some((word) => WRITING.has(word)) ? "write" : "read";
}
