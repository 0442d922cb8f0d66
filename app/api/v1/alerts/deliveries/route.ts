import { deliveriesAsked } from "@/lib/alerts/delivery/deliveries";
import { requireScope } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { db } from "@/lib/query";

export const dynamic = "force-dynamic";

/** Deliveries with their attempts, the latest first. */
export const GET = handle(async (request) => {
  await requireScope(request, "read");
  return Response.json(await deliveriesAsked(db(), new URL(request.url).searchParams));
});

export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("GET");
