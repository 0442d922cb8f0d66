import { requireUser } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { signOut, withCookies } from "@/lib/auth/sign-in";

export const POST = handle(async (request) => {
  const user = await requireUser(request);
  return withCookies(await signOut(request, user));
});

export const { GET, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("POST");
