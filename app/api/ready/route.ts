import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { readiness } from "@/lib/jobs/readiness";

export const dynamic = "force-dynamic";

/** Whether this process can take requests: 200 or 503, for load balancers. No sign-in and no secrets. While it stops, lib/cli/drain.ts answers. */
export async function GET(): Promise<Response> {
  const found = await readiness();
  const status = found.status === "ready" ? 200 : 503;
  return Response.json(found, { status, headers: { "cache-control": "no-store" } });
}

export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("GET");
