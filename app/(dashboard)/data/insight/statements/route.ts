import { requireScope } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { insightStatements } from "@/lib/insight/statements";
import { onReplica, parseQuestion } from "@/lib/query";

/** The statements of a service at its endpoints, most time first. */
export const GET = handle(async (request) => {
  await requireScope(request, "read");
  const question = parseQuestion("insightStatements", new URL(request.url).searchParams);
  return Response.json(await onReplica((db) => insightStatements(db, question, Date.now())));
});

export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("GET");
