import { requireScope } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { db, findUsers, parseQuestion } from "@/lib/query";

export const GET = handle(async (request) => {
  await requireScope(request, "read");
  return Response.json(await findUsers(db(), parseQuestion("userSearch", new URL(request.url).searchParams)));
});

export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("GET");
