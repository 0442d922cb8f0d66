import { requireScope } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { insightRepeats } from "@/lib/insight/repeats";
import { db, parseQuestion } from "@/lib/query";

/** Statements that requests run again and again. */
export const GET = handle(async (request) => {
  await requireScope(request, "read");
  const question = parseQuestion("insightRepeats", new URL(request.url).searchParams);
  return Response.json(await insightRepeats(db(), question, Date.now()));
});

export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("GET");
