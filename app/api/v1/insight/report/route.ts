import { requireScope } from "@/lib/auth/access";
import { handle, toTailfillError } from "@/lib/auth/handle";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { countRefusal, takeInsight } from "@/lib/ingest/ingest";

export const dynamic = "force-dynamic";

/** Takes in what apps and query guards tell of databases. Answers 200 only when it is committed. */
export const POST = handle(async (request) => {
  try {
    const identity = await requireScope(request, "ingest");
    return Response.json(await takeInsight(request, identity.kind === "key" ? identity.keyId : identity.userId));
  } catch (error) {
    const refused = toTailfillError(error, request);
    countRefusal(refused.code);
    throw refused;
  }
});

export const { GET, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("POST");
