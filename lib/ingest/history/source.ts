import { createHash } from "node:crypto";
import { z } from "zod";
import { cleanName } from "../../wire/index.ts";

const LONGEST_NAME = 256;

export const name = z
  .string()
  .min(1)
  .max(LONGEST_NAME)
  .transform((text) => cleanName(text));
export const digest = z
  .string()
  .regex(/^[0-9a-f]{64}$/, "must be 64 hexadecimal digits: a SHA-256")
  .transform((text) => Buffer.from(text, "hex"));

/** Whose history it is, and what it is read from: the same source counts once for a service and environment. */
export interface SourceName {
  service: string;
  environment: string;
  /** What tells files apart, whatever they are called. */
  source: Uint8Array;
}

/** What a source is stored under. */
export function keyOfSource({ service, environment, source }: SourceName): Buffer {
  return createHash("sha256")
    .update(JSON.stringify([service, environment]))
    .update(source)
    .digest();
}
