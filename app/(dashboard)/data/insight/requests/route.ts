import { requireScope } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { insightRequests } from "@/lib/insight/requests";
import { db, parseQuestion } from "@/lib/query";

/** The slowest requests, and what their time went to. */
export const GET = handle(async (request) => {
  await requireScope(request, "read");
  const question = parseQuestion("insightRequests", new URL(request.url).searchParams);
  return Response.json(await insightRequests(db(), question, Date.now()));
});

export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("GET");
