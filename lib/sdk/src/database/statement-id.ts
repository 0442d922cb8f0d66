import { createHash } from "node:crypto";
import { Generations } from "./generations.ts";

const known = new Generations(1_000, (fingerprint) =>
  createHash("sha256").update(fingerprint).digest("hex").slice(0, 16),
);

/**
 * One short name of a fingerprint, the same in every process and release: the first 16 hexadecimal digits of the SHA-256 of
 * its UTF-8.
 */
export function statementId(fingerprint: string): string {
  return known.of(fingerprint);
}
