import { createHash, type Hash } from "node:crypto";
import type { z } from "zod";
import { TailfillError } from "../../errors.ts";
import { type FrameKind, readFrames } from "./frames.ts";
import { type Manifest, ManifestSchema, type TableEnd, TableEndSchema } from "./manifest.ts";

/** A backup that is whole: what stands at its beginning, and what each table was. */
export interface CheckedBackup {
  manifest: Manifest;
  ends: Map<string, TableEnd>;
}

const damaged = (file: string, what: string): TailfillError =>
  new TailfillError("bad_backup", `${file} is damaged: ${what}.`);

/**
 * Reads a backup from its beginning to its end and compares every checksum, so that a restore begins only with a whole one.
 * @throws TailfillError `bad_backup`, `backup_too_new`
 */
export async function checkBackup(file: string): Promise<CheckedBackup> {
  const check = new Check(file);
  for await (const { kind, content } of readFrames(file)) check.take(kind, content);
  return check.result();
}

class Check {
  private manifest: Manifest | undefined;
  private readonly ends = new Map<string, TableEnd>();
  private open: { table: string; hash: Hash; bytes: number } | undefined;

  constructor(private readonly file: string) {}

  take(kind: FrameKind, content: Buffer): void {
    if (kind === "M") this.manifest = this.parse(ManifestSchema, content);
    else if (kind === "T") this.open = { table: content.toString(), hash: createHash("sha256"), bytes: 0 };
    else if (kind === "D") this.addPiece(content);
    else if (kind === "E") this.close(this.parse(TableEndSchema, content));
  }

  result(): CheckedBackup {
    const { manifest, ends, file } = this;
    if (manifest === undefined) throw damaged(file, "it does not say what it holds");
    const missing = manifest.tables.filter(({ table }) => !ends.has(table)).map(({ table }) => table);
    if (missing.length > 0) throw damaged(file, `${missing.join(", ")} is missing`);
    return { manifest, ends };
  }

  private addPiece(content: Buffer): void {
    if (this.open === undefined) throw damaged(this.file, "rows belong to no table");
    this.open.hash.update(content);
    this.open.bytes += content.length;
  }

  private close(end: TableEnd): void {
    const { open } = this;
    const isSame = open?.table === end.table && open.bytes === end.bytes && open.hash.digest("hex") === end.sha256;
    if (!isSame) throw damaged(this.file, `${end.table} is not what was written`);
    this.ends.set(end.table, end);
    this.open = undefined;
  }

  private parse<T>(schema: z.ZodType<T>, content: Buffer): T {
    try {
      return schema.parse(JSON.parse(content.toString()));
    } catch {
      throw damaged(this.file, "what it says of itself cannot be read");
    }
  }
}
