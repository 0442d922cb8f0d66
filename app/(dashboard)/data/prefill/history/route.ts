import { requireScope } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { prefillHistory } from "@/lib/prefill/history-answer";
import { db, parseQuestion } from "@/lib/query";

export const GET = handle(async (request) => {
  await requireScope(request, "read");
  const question = parseQuestion("prefillHistory", new URL(request.url).searchParams);
  return Response.json(await prefillHistory(db(), question, Date.now()));
});

export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("GET");
