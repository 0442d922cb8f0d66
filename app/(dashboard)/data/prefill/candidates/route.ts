import { requireScope } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { prefillCandidates } from "@/lib/prefill/candidates-answer";
import { db, parseQuestion } from "@/lib/query";

export const GET = handle(async (request) => {
  await requireScope(request, "read");
  const question = parseQuestion("prefillCandidates", new URL(request.url).searchParams);
  return Response.json(await prefillCandidates(db(), question, Date.now()));
});

export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("GET");
