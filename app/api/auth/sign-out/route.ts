import { requireUser } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { signOut, withCookies } from "@/lib/auth/sign-in";

export const POST = handle(async (request) => {
  const user = await requireUser(request);
  return withCookies(await signOut(request, user));
});
