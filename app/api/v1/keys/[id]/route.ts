import { requireUser } from "@/lib/auth/access";
import { revokeApiKey } from "@/lib/auth/api-keys";
import { handle } from "@/lib/auth/handle";
import { refuseAllBut } from "@/lib/auth/refuse-methods";

type Context = { params: Promise<{ id: string }> };

/** Revokes a key; it is dead within 5 s in every process. */
export const DELETE = handle(async (request, { params }: Context) => {
  await requireUser(request);
  await revokeApiKey((await params).id);
  return new Response(null, { status: 204 });
});

export const { GET, POST, PUT, PATCH, OPTIONS } = refuseAllBut("DELETE");
