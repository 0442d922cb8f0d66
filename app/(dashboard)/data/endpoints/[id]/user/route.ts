import { requireScope } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { onReplica, parseQuestion, userAxis } from "@/lib/query";

type Context = { params: Promise<{ id: string }> };

export const GET = handle<Context>(async (request, { params }) => {
  await requireScope(request, "read");
  const question = parseQuestion("userAxis", new URL(request.url).searchParams);
  return Response.json(
    await onReplica(async (db) => userAxis(db, { ...question, endpointId: Number((await params).id) }, Date.now())),
  );
});

export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("GET");
