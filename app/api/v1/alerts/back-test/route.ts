import { backTest } from "@/lib/alerts/back-test";
import { requireScope } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { readJson } from "@/lib/auth/read-json";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { db } from "@/lib/query";
import { DRAFT } from "@/lib/query/alert-questions";

export const dynamic = "force-dynamic";

/** What a rule that is not made yet would have done. It changes nothing, so that reading is enough. */
export const POST = handle(async (request) => {
  await requireScope(request, "read");
  const { rule, days } = await readJson(request, DRAFT);
  return Response.json(await backTest(db(), rule, { days, nowMs: Date.now() }));
});

export const { GET, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("POST");
