import { acknowledge } from "@/lib/alerts/incidents";
import { requireScope } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { whoIs } from "@/lib/auth/who-is";
import { db } from "@/lib/query";

export const dynamic = "force-dynamic";

type Context = { params: Promise<{ id: string }> };

/** Somebody looks after it: it is repeated no more. */
export const POST = handle(async (request, { params }: Context) => {
  const by = whoIs(await requireScope(request, "write"));
  return Response.json(await acknowledge(db(), (await params).id, { by, nowMs: Date.now() }));
});

export const { GET, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("POST");
