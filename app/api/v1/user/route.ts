import { requireScope } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { onReplica, parseQuestion, user } from "@/lib/query";

export const dynamic = "force-dynamic";

/** As `/api/v1/users/{user}`, also for `.` and `..`: in a path, every client takes those for steps of the path. */
export const GET = handle(async (request) => {
  await requireScope(request, "read");
  const { id, ...question } = parseQuestion("userById", new URL(request.url).searchParams);
  return Response.json(await onReplica((db) => user(db, { ...question, user: id }, Date.now())));
});

export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("GET");
