import { requireScope } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { endpointIdOf, onReplica, parseQuestion, tailUsers } from "@/lib/query";

export const dynamic = "force-dynamic";

/** Who is in the endpoint's tail. */
export const GET = handle<{ params: Promise<{ id: string }> }>(async (request, { params }) => {
  await requireScope(request, "read");
  const id = endpointIdOf((await params).id);
  const question = parseQuestion("tailUsers", new URL(request.url).searchParams);
  return Response.json(await onReplica((db) => tailUsers(db, { ...question, id }, Date.now())));
});

export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("GET");
