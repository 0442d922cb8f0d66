import { requireScope } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { onReplica, overview, parseQuestion } from "@/lib/query";

export const GET = handle(async (request) => {
  await requireScope(request, "read");
  const question = parseQuestion("overview", new URL(request.url).searchParams);
  return Response.json(await onReplica((db) => overview(db, question, Date.now())));
});

export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("GET");
