import { requireScope } from "@/lib/auth/access";
import { handle, toTailfillError } from "@/lib/auth/handle";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { checkHlogType } from "@/lib/ingest/history/accept-hlog";
import { countRefusal, takeHlog } from "@/lib/ingest/ingest";
import { parseQuestion } from "@/lib/query";

export const dynamic = "force-dynamic";

/** Takes in an HdrHistogram log as history of one endpoint: docs/import.md. Answers 200 only when it is committed. */
export const POST = handle(async (request) => {
  try {
    const identity = await requireScope(request, "ingest");
    const question = parseQuestion("importHlog", new URL(request.url).searchParams);
    checkHlogType(request);
    return Response.json(await takeHlog(request, identity.kind === "key" ? identity.keyId : identity.userId, question));
  } catch (error) {
    const refused = toTailfillError(error, request);
    countRefusal(refused.code);
    throw refused;
  }
});

export const { GET, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("POST");
