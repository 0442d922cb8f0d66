import { requireScope } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { db, findUsers, parseQuestion } from "@/lib/query";

export const dynamic = "force-dynamic";

/** Users whose id begins with a text. */
export const GET = handle(async (request) => {
  await requireScope(request, "read");
  const question = parseQuestion("userSearch", new URL(request.url).searchParams);
  return Response.json(await findUsers(db(), question));
});

export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("GET");
