import { requireScope } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { db, losses, parseQuestion } from "@/lib/query";

export const GET = handle(async (request) => {
  await requireScope(request, "read");
  const question = parseQuestion("losses", new URL(request.url).searchParams);
  return Response.json(await losses(db(), question, Date.now()));
});
