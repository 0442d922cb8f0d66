import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { systemClock } from "@/lib/clock";
import { healthOf } from "@/lib/jobs/health";

export const dynamic = "force-dynamic";

/** Whether database and jobs are well: 200 or 503. No sign-in and no secrets; made for probes. */
export async function GET(): Promise<Response> {
  const health = await healthOf(systemClock);
  const status = health.status === "ok" ? 200 : 503;
  return Response.json(health, { status, headers: { "cache-control": "no-store" } });
}

export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("GET");
