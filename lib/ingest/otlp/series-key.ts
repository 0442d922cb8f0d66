import { createHash } from "node:crypto";
import type { Attributes } from "./attributes.ts";
import type { Source } from "./source.ts";

/** Bytes of a key: two series of one instance meet by chance never. */
const LENGTH = 16;

/** Names a series of one instance by everything that tells it apart: its metric, its start, and all its attributes in any order. */
export function seriesKeyOf(metric: string, startNs: bigint, attributes: Attributes | null): string {
  const sorted = attributes === null ? null : [...attributes].sort(([a], [b]) => (a < b ? -1 : 1));
  return hashOf(JSON.stringify([metric, String(startNs), sorted]));
}

/** Names an instance of a service, whatever its release. */
export const instanceKeyOf = ({ service, environment, instance }: Source): string =>
  hashOf(JSON.stringify([service, environment, instance]));

const hashOf = (text: string): string =>
  createHash("sha256")
    .update(text)
    .digest("hex")
    .slice(0, LENGTH * 2);
