import { requireScope } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { database, endpointIdOf, onReplica, parseQuestion } from "@/lib/query";

export const dynamic = "force-dynamic";

/** Where the endpoint's time goes. */
export const GET = handle<{ params: Promise<{ id: string }> }>(async (request, { params }) => {
  await requireScope(request, "read");
  const id = endpointIdOf((await params).id);
  const question = parseQuestion("database", new URL(request.url).searchParams);
  return Response.json(await onReplica((db) => database(db, { ...question, id }, Date.now())));
});

export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("GET");
