import { requireScope } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { endpointIdOf, histogram, onReplica, parseQuestion } from "@/lib/query";

export const dynamic = "force-dynamic";

/** All requests of a range as one HdrHistogram. */
export const GET = handle<{ params: Promise<{ id: string }> }>(async (request, { params }) => {
  await requireScope(request, "read");
  const id = endpointIdOf((await params).id);
  const question = parseQuestion("histogram", new URL(request.url).searchParams);
  return Response.json(await onReplica((db) => histogram(db, { ...question, id }, Date.now())));
});

export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("GET");
