/** What came of posting one batch: the server's answer, or a fault before it was complete. */
export type PostResult =
  | { kind: "answer"; status: number; retryAfter: string | undefined; date: string | undefined; body: string | null }
  | { kind: "fault"; message: string };

/** What to do with a batch after that. */
export type Verdict =
  { kind: "kept"; rejected: number } | { kind: "lost"; reason: string } | { kind: "retry"; why: string };

/** Only these, and network faults, may go away by themselves; a redirect is a wrong URL, and a 500 would fail again. */
const RETRIED = new Set([429, 502, 503, 504]);

export function judge(result: PostResult): Verdict {
  if (result.kind === "fault") return { kind: "retry", why: result.message };
  const { status } = result;
  if (RETRIED.has(status)) return { kind: "retry", why: `HTTP ${status}` };
  if (status < 200 || status > 299) return { kind: "lost", reason: status === 422 ? "window_refused" : "refused" };
  const rejected = rejectedIn(result.body);
  // A captive portal, a wrong URL: somebody said yes, and nobody kept it.
  return rejected === null ? { kind: "lost", reason: "refused" } : { kind: "kept", rejected };
}

/** How many histograms a 2xx answer says it refused; null when the answer is none of tailfill's. */
function rejectedIn(body: string | null): number | null {
  try {
    const answer: unknown = JSON.parse(body ?? "");
    if (typeof answer !== "object" || answer === null || !("accepted" in answer)) return null;
    return "rejected" in answer && Array.isArray(answer.rejected) ? answer.rejected.length : 0;
  } catch {
    return null;
  }
}
