import { requireScope } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { losses, onReplica, parseQuestion } from "@/lib/query";

export const GET = handle(async (request) => {
  await requireScope(request, "read");
  const question = parseQuestion("losses", new URL(request.url).searchParams);
  return Response.json(await onReplica((db) => losses(db, question, Date.now())));
});

export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("GET");
