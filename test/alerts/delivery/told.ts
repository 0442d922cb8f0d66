import type { Told } from "@/lib/alerts/delivery/fit";
import { testPayload } from "@/lib/alerts/delivery/test-payload";

export const NOON = Date.parse("2026-11-22T12:00:00Z");

const ID = "019a0000-0000-7000-8000-000000000001";

/** An event as a round writes it, with changes to its data. */
export function told(type: Told["type"] = "incident.opened", changes: Partial<Told["data"]> = {}): Told {
  const { timestamp, data } = testPayload({ id: ID, atMs: NOON, publicUrl: "https://tailfill.example" });
  const state = type === "incident.resolved" ? "resolved" : "firing";
  const incident = { ...data.incident, rule: "count is slow", severity: "page", state } as const;
  const url = `https://tailfill.example/alerts/incidents/${ID}`;
  return { type, timestamp, data: { ...data, incident, environment: "production", note: null, url, ...changes } };
}
