import { deliveryList } from "@/lib/alerts/delivery/deliveries";
import { requireScope } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { db, parseQuestion } from "@/lib/query";

export const dynamic = "force-dynamic";

/** Deliveries with their attempts, the latest first. */
export const GET = handle(async (request) => {
  await requireScope(request, "read");
  const { receiver, rule, incident, ...wish } = parseQuestion("alertDeliveries", new URL(request.url).searchParams);
  return Response.json(await deliveryList(db(), { ...wish, receiverId: receiver, ruleId: rule, incidentId: incident }));
});

export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("GET");
