import type { StoredKill } from "@/lib/store/insight-kills";
import type { StoredStop } from "@/lib/store/insight-stops";

const ID = "0193a5c8-6f00-7c3e-9b55-2f6f1c0d9a11";
const WHAT = { endpoint: "GET /report", statementId: "00000000000000aa", statement: "select ?" };

/** A cancelled report, as it is stored. */
export function storedKill(over: Partial<StoredKill> = {}): StoredKill {
  return {
    id: ID,
    atMs: 0,
    action: "cancel",
    pid: 7,
    ageMs: 21_000,
    applicationName: "shop",
    ...WHAT,
    op: null,
    reason: "over_limit",
    detail: "it ran longer than the limit",
    rule: "over 20000 ms",
    waitEvent: null,
    outcome: "ended",
    afterMs: 10,
    ...over,
  };
}

/** The same, as the app has seen it end. */
export function storedStop(over: Partial<StoredStop> = {}): StoredStop {
  const asked = { user: "ada", traceId: null };
  return {
    id: ID,
    atMs: 0,
    by: "other",
    code: "57014",
    pid: 7,
    ...WHAT,
    ...asked,
    durationUs: 21_100_000,
    budgetMs: null,
    ...over,
  };
}
