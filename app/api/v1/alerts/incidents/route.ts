import { incidentList } from "@/lib/alerts/incidents";
import { requireScope } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { db, parseQuestion } from "@/lib/query";

export const dynamic = "force-dynamic";

/** Incidents, the latest first. */
export const GET = handle(async (request) => {
  await requireScope(request, "read");
  const { state, rule, ...wish } = parseQuestion("alertIncidents", new URL(request.url).searchParams);
  const open = state === undefined ? undefined : state === "open";
  return Response.json(await incidentList(db(), { ...wish, ruleId: rule, open }));
});

export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("GET");
