import { createMaintenance, listMaintenance } from "@/lib/alerts/maintenance";
import { requireScope } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { readJson } from "@/lib/auth/read-json";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { whoIs } from "@/lib/auth/who-is";
import { db, parseQuestion } from "@/lib/query";
import { NEW_MAINTENANCE } from "@/lib/query/alert-mute-schemas";

export const dynamic = "force-dynamic";

export const GET = handle(async (request) => {
  await requireScope(request, "read");
  parseQuestion("none", new URL(request.url).searchParams);
  return Response.json({ maintenance: await listMaintenance(db(), Date.now()) });
});

export const POST = handle(async (request) => {
  const by = whoIs(await requireScope(request, "write"));
  const id = await createMaintenance(db(), await readJson(request, NEW_MAINTENANCE), { by, nowMs: Date.now() });
  return Response.json({ id }, { status: 201 });
});

export const { PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("GET", "POST");
