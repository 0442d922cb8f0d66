import { requireUser } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { withdrawInvitation } from "@/lib/auth/invitations";
import { refuseAllBut } from "@/lib/auth/refuse-methods";

type Context = { params: Promise<{ id: string }> };

export const DELETE = handle(async (request, { params }: Context) => {
  await requireUser(request);
  await withdrawInvitation((await params).id);
  return new Response(null, { status: 204 });
});

export const { GET, POST, PUT, PATCH, OPTIONS } = refuseAllBut("DELETE");
