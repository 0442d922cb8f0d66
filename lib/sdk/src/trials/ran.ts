import type { Ran } from "../../../loading/index.ts";
import type { Statements } from "../database/counts.ts";

const CONTROL = /^(?:begin|commit|rollback|savepoint|release|set)\b/;
/** What Prisma calls what it joins. */
const JOINED = /__prisma_data__|\blateral\b|\bjsonb?_/;
/** Fingerprints end here: what comes behind is not seen. */
const CUT = 490;

/** The strategy that ran, by the statements of a call: Prisma may take another one than it is told to. */
export function ranBy({ byFingerprint }: Statements): Ran {
  const asked = byFingerprint.filter(({ fingerprint }) => !CONTROL.test(fingerprint));
  const [only] = asked;
  if (only === undefined) return "unclear";
  if (asked.some(({ fingerprint }) => JOINED.test(fingerprint))) return "join";
  if (asked.length > 1 || only.count > 1) return "query";
  // One statement without a join: it found nothing whose relations there were to load, or its end is not seen.
  return only.rows === 0 ? "unclear" : only.fingerprint.length >= CUT ? "join" : "query";
}
