import { createHash } from "node:crypto";
import { OTHER_STATEMENTS_ID, STATEMENT_ID_LENGTH } from "../../../wire/index.ts";
import { OTHER_STATEMENTS } from "./counts.ts";

/** The id of a statement: the first 16 hex digits of the SHA-256 of its fingerprint. */
export function statementId(fingerprint: string): string {
  if (fingerprint === OTHER_STATEMENTS) return OTHER_STATEMENTS_ID;
  return createHash("sha256").update(fingerprint).digest("hex").slice(0, STATEMENT_ID_LENGTH);
}
