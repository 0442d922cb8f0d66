import { createHash } from "node:crypto";
import { z } from "zod";

/** The form of the file. A newer form has another number, and is refused. */
export const FORM = 1;

const name = z.string().regex(/^[a-z_][a-z0-9_]*$/);
/** As PostgreSQL tells a bound with the time zone UTC: days, or moments. */
const bound = z.string().regex(/^FOR VALUES FROM \('[0-9 :+-]+'\) TO \('[0-9 :+-]+'\)$/);

export const TableSchema = z.object({
  table: name,
  columns: z.array(z.object({ name, type: z.string() })).min(1),
  partitions: z.array(z.object({ name, bound })),
});

/** What stands at the beginning of a backup. */
export const ManifestSchema = z.object({
  /** The version of tailfill that wrote it. */
  version: z.string(),
  /** When, ISO 8601: what was committed before is in it. */
  at: z.iso.datetime(),
  /** The migrations that the database had, in order. */
  migrations: z.array(z.object({ name: z.string(), checksum: z.string() })).min(1),
  tables: z.array(TableSchema),
  sequences: z.array(z.object({ table: name, column: name, last: z.string().regex(/^\d+$/), isCalled: z.boolean() })),
  /** By it a restore sees whether it is given the same secret; see `secretMark`. */
  secretMark: z.string().nullable(),
  /** The secret itself, when that was asked for. */
  secret: z.string().nullable(),
});

export type BackedUpTable = z.infer<typeof TableSchema>;
export type Manifest = z.infer<typeof ManifestSchema>;

/** What stands behind each table. */
export const TableEndSchema = z.object({
  table: name,
  rows: z.number().int().min(0),
  bytes: z.number().int().min(0),
  sha256: z.string(),
});
export type TableEnd = z.infer<typeof TableEndSchema>;

/** Something that tells secrets apart and does not tell them. */
export function secretMark(secret: string): string {
  return createHash("sha256").update("tailfill backup\0").update(secret).digest("hex").slice(0, 16);
}
