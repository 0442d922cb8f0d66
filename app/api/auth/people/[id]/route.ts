import { requireUser } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { removePerson } from "@/lib/auth/users";

type Context = { params: Promise<{ id: string }> };

export const DELETE = handle(async (request, { params }: Context) => {
  await requireUser(request);
  await removePerson((await params).id);
  return new Response(null, { status: 204 });
});

export const { GET, POST, PUT, PATCH, OPTIONS } = refuseAllBut("DELETE");
