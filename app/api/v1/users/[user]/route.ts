import { requireScope } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { onReplica, parseQuestion, user, userIn } from "@/lib/query";

export const dynamic = "force-dynamic";

/** One user: the endpoints used, and how everybody else fares on them. */
export const GET = handle(async (request) => {
  await requireScope(request, "read");
  const question = parseQuestion("user", new URL(request.url).searchParams);
  return Response.json(await onReplica((db) => user(db, { ...question, user: userIn(request.url) }, Date.now())));
});

export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("GET");
