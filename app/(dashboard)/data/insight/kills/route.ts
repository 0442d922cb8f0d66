import { requireScope } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { insightKills } from "@/lib/insight/kills";
import { db, parseQuestion } from "@/lib/query";

/** What query guards did. */
export const GET = handle(async (request) => {
  await requireScope(request, "read");
  const question = parseQuestion("insightKills", new URL(request.url).searchParams);
  return Response.json(await insightKills(db(), question, Date.now()));
});

export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("GET");
