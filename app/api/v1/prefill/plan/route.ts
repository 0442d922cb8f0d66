import { requireScope } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { planResponse } from "@/lib/prefill/plan-answer";
import { planBoard } from "@/lib/prefill/plan-board";
import { parseQuestion } from "@/lib/query";

export const dynamic = "force-dynamic";

/** What an app's SDK acts on. Asked for every second with the last ETag, so that it mostly answers 304 from memory. */
export const GET = handle(async (request) => {
  await requireScope(request, "ingest", "read");
  const { service, environment, instance } = parseQuestion("prefillPlan", new URL(request.url).searchParams);
  return planResponse(await planBoard().answer(service, environment, instance), request.headers);
});

export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("GET");
