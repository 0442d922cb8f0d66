import { backTest } from "@/lib/alerts/back-test";
import { ruleOf } from "@/lib/alerts/rules";
import { requireScope } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { db, parseQuestion } from "@/lib/query";

export const dynamic = "force-dynamic";

type Context = { params: Promise<{ id: string }> };

/** What the rule would have done in the last days, as it is now. */
export const GET = handle(async (request, { params }: Context) => {
  await requireScope(request, "read");
  const { days } = parseQuestion("alertBackTest", new URL(request.url).searchParams);
  const { definition } = await ruleOf(db(), (await params).id);
  return Response.json(await backTest(db(), definition, { days, nowMs: Date.now() }));
});

export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("GET");
