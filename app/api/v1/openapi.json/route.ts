import { requireScope } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { openApiDocument, parseQuestion } from "@/lib/query";

export const dynamic = "force-dynamic";

/** The description of this API, for generators of clients. */
export const GET = handle(async (request) => {
  await requireScope(request, "read");
  parseQuestion("none", new URL(request.url).searchParams);
  return Response.json(openApiDocument());
});

export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("GET");
