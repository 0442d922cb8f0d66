import { requireUser } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { revokeShare } from "@/lib/auth/shares";

type Context = { params: Promise<{ id: string }> };

/** Revokes a link: whoever opens it from then on is told that it is over. */
export const DELETE = handle(async (request, { params }: Context) => {
  await requireUser(request);
  await revokeShare((await params).id);
  return new Response(null, { status: 204 });
});

export const { GET, POST, PUT, PATCH, OPTIONS } = refuseAllBut("DELETE");
