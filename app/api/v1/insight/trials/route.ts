import { requireScope } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { insightTrials } from "@/lib/insight/trials";
import { db, parseQuestion } from "@/lib/query";

export const dynamic = "force-dynamic";

/** Trials of join against query. */
export const GET = handle(async (request) => {
  await requireScope(request, "read");
  const question = parseQuestion("insightTrials", new URL(request.url).searchParams);
  return Response.json(await insightTrials(db(), question, Date.now()));
});

export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("GET");
