import { requireScope } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { endpoints, onReplica, parseQuestion } from "@/lib/query";

export const dynamic = "force-dynamic";

/** The endpoints that had requests in a range, worst first. */
export const GET = handle(async (request) => {
  await requireScope(request, "read");
  const question = parseQuestion("endpoints", new URL(request.url).searchParams);
  return Response.json(await onReplica((db) => endpoints(db, question, Date.now())));
});

export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("GET");
