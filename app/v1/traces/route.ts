import { requireScope } from "@/lib/auth/access";
import { handle, toTailfillError } from "@/lib/auth/handle";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { countRefusal, takeTraces } from "@/lib/ingest/ingest";
import { exportedAnswer, refusedAnswer } from "@/lib/ingest/otlp/answer";

export const dynamic = "force-dynamic";

/** Takes in spans of requests and their databases by OTLP/HTTP: docs/otlp.md. Answers 200 only when they are committed. */
export const POST = handle(async (request) => {
  try {
    const identity = await requireScope(request, "ingest");
    const exported = await takeTraces(request, identity.kind === "key" ? identity.keyId : identity.userId);
    return exportedAnswer(request, "traces", exported);
  } catch (error) {
    const refused = toTailfillError(error, request);
    countRefusal(refused.code);
    return refusedAnswer(request, refused);
  }
});

export const { GET, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("POST");
