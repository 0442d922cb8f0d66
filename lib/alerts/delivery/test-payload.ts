import type { Told } from "./fit.ts";

/** What a receiver gets when it is tested: every field of an event, of an incident that is none. Pure. */
export function testPayload({ id, atMs, publicUrl }: { id: string; atMs: number; publicUrl: string }): Told {
  const at = new Date(atMs).toISOString();
  const endpoint = { method: "GET", route: "/users/:id/comments" };
  const observed = { percentile: 99, valueUs: 901_119, thresholdUs: 500_000, count: 2_900, windowSeconds: 300 };
  const times = { openedAt: at, resolvedAt: null, acknowledgedAt: null, acknowledgedBy: null };
  return {
    type: "test",
    timestamp: at,
    data: {
      incident: { id, rule: "a test of tailfill", ruleId: id, severity: "ticket", state: "firing", ...times },
      service: "shop",
      environment: "test",
      observed,
      endpoint,
      user: null,
      counts: { firing: 1, recovering: 0, muted: 0, resolved: 0 },
      members: [
        { endpoint, user: null, state: "firing", observed, firedAt: at, resolvedAt: null, reason: null, mutedBy: null },
      ],
      endpoints: [],
      users: [{ user: "u_1842", tailShare: 0.22 }],
      stopped: null,
      note: "Nothing is wrong: somebody tested this receiver.",
      url: `${publicUrl}/alerts`,
    },
  };
}
