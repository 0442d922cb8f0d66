import { resend } from "@/lib/alerts/delivery/deliveries";
import { requireScope } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { db } from "@/lib/query";

export const dynamic = "force-dynamic";

type Context = { params: Promise<{ id: string }> };

/** Sends a delivery again, under the same id. */
export const POST = handle(async (request, { params }: Context) => {
  await requireScope(request, "write");
  return Response.json(await resend(db(), (await params).id, Date.now()));
});

export const { GET, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("POST");
