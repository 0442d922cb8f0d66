import type { Told } from "@/lib/alerts/delivery/fit";

export const NOON = Date.parse("2026-11-22T12:00:00Z");

/** An event as a round writes it, with changes to its data. */
export function told(type: Told["type"] = "incident.opened", data: Partial<Told["data"]> = {}): Told {
  const endpoint = { method: "GET", route: "/users/:id/comments" };
  const observed = { percentile: 99, valueUs: 901_119, thresholdUs: 500_000, count: 2_900, windowSeconds: 300 };
  const at = new Date(NOON).toISOString();
  const id = "019a0000-0000-7000-8000-000000000001";
  return {
    type,
    timestamp: at,
    data: {
      incident: {
        id,
        rule: "count is slow",
        ruleId: id,
        severity: "page",
        state: type === "incident.resolved" ? "resolved" : "firing",
        openedAt: at,
        resolvedAt: null,
        acknowledgedAt: null,
        acknowledgedBy: null,
      },
      service: "shop",
      environment: "production",
      observed,
      endpoint,
      user: null,
      counts: { firing: 1, muted: 0, resolved: 0 },
      members: [{ endpoint, user: null, observed, firedAt: at, resolvedAt: null, reason: null, mutedBy: null }],
      endpoints: [],
      users: [{ user: "u_1842", tailShare: 0.22 }],
      note: null,
      url: `https://tailfill.example/alerts/incidents/${id}`,
      ...data,
    },
  };
}
