import { rotateSecret } from "@/lib/alerts/delivery/receivers";
import { requireScope } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { db } from "@/lib/query";

export const dynamic = "force-dynamic";

type Context = { params: Promise<{ id: string }> };

/** Gives a webhook a new secret, told once; the one before signs besides for a day. */
export const POST = handle(async (request, { params }: Context) => {
  await requireScope(request, "write");
  const rotated = await rotateSecret(db(), (await params).id, Date.now());
  return Response.json(rotated, { headers: { "cache-control": "no-store" } });
});

export const { GET, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("POST");
