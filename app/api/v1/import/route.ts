import { requireScope } from "@/lib/auth/access";
import { handle, toTailfillError } from "@/lib/auth/handle";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { countRefusal, progressOf, takeImport } from "@/lib/ingest/ingest";
import { parseQuestion } from "@/lib/query";

export const dynamic = "force-dynamic";

/** How far a source of history was imported. */
export const GET = handle(async (request) => {
  await requireScope(request, "ingest");
  const { source, ...about } = parseQuestion("importProgress", new URL(request.url).searchParams);
  return Response.json(await progressOf({ ...about, source: Buffer.from(source, "hex") }));
});

/** Takes in a chunk of history: docs/import.md. Answers 200 only when it is committed. */
export const POST = handle(async (request) => {
  try {
    const identity = await requireScope(request, "ingest");
    return Response.json(await takeImport(request, identity.kind === "key" ? identity.keyId : identity.userId));
  } catch (error) {
    const refused = toTailfillError(error, request);
    countRefusal(refused.code);
    throw refused;
  }
});

export const { PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("GET", "POST");
