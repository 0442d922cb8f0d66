import { requireScope } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { onReplica, parseQuestion, tailUsers } from "@/lib/query";

type Context = { params: Promise<{ id: string }> };

export const GET = handle<Context>(async (request, { params }) => {
  await requireScope(request, "read");
  const question = parseQuestion("tailUsers", new URL(request.url).searchParams);
  return Response.json(
    await onReplica(async (db) => tailUsers(db, { ...question, id: Number((await params).id) }, Date.now())),
  );
});

export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("GET");
