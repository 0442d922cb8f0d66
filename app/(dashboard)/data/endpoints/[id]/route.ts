import { requireScope } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { db, endpoint, parseQuestion } from "@/lib/query";

type Context = { params: Promise<{ id: string }> };

export const GET = handle<Context>(async (request, { params }) => {
  await requireScope(request, "read");
  const question = parseQuestion("endpoint", new URL(request.url).searchParams);
  return Response.json(await endpoint(db(), { ...question, id: Number((await params).id) }, Date.now()));
});
