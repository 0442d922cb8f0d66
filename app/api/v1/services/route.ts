import { requireScope } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { db, parseQuestion, services } from "@/lib/query";

export const dynamic = "force-dynamic";

/** The services and their environments. */
export const GET = handle(async (request) => {
  await requireScope(request, "read");
  parseQuestion("none", new URL(request.url).searchParams);
  return Response.json(await services(db(), Date.now()));
});

export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("GET");
