import { requireUser } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { signOutEverywhere, withCookies } from "@/lib/auth/sign-in";

export const POST = handle(async (request) => {
  const user = await requireUser(request);
  return withCookies(await signOutEverywhere(request, user));
});
