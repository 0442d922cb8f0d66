import { oneIncident } from "@/lib/alerts/incidents";
import { requireScope } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { db, parseQuestion } from "@/lib/query";

export const dynamic = "force-dynamic";

type Context = { params: Promise<{ id: string }> };

/** One incident: its members, its timeline, and what was told. */
export const GET = handle(async (request, { params }: Context) => {
  await requireScope(request, "read");
  parseQuestion("none", new URL(request.url).searchParams);
  return Response.json(await oneIncident(db(), (await params).id));
});

export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("GET");
