import { requireUser } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { readJson } from "@/lib/auth/read-json";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { createShare, listShares, NEW_SHARE } from "@/lib/auth/shares";
import { config } from "@/lib/config";
import { db, endpointIdentity } from "@/lib/query";

export const dynamic = "force-dynamic";

/** Links are made and seen by people only: a leaked key must not be able to make one. */
export const GET = handle(async (request) => {
  await requireUser(request);
  return Response.json({ shares: await listShares() });
});

/** Answers the link, which is shown once. */
export const POST = handle(async (request) => {
  const { email } = await requireUser(request);
  const wanted = await readJson(request, NEW_SHARE);
  const { endpointId } = wanted;
  const named = endpointId === null ? wanted : { ...wanted, ...(await placeOf(endpointId)) };
  const { token, row } = await createShare(named, { by: email, nowMs: Date.now() });
  return Response.json({ url: `${config().publicUrl}/embed/${token}`, ...row }, { status: 201 });
});

async function placeOf(endpointId: number): Promise<{ service: string; environment: string }> {
  const { service, environment } = await endpointIdentity(db(), String(endpointId));
  return { service, environment };
}

export const { PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("GET", "POST");
