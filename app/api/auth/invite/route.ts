import { z } from "zod";
import { handle } from "@/lib/auth/handle";
import { acceptInvitation } from "@/lib/auth/invitations";
import { readJson } from "@/lib/auth/read-json";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { requireSameOrigin } from "@/lib/auth/same-origin";
import { signInNew, withCookies } from "@/lib/auth/sign-in";

const Body = z.strictObject({
  token: z.string().max(100),
  name: z.string().max(100).optional(),
  password: z.string().max(1000),
});

/** Accepts an invitation and signs the new person in. */
export const POST = handle(async (request) => {
  requireSameOrigin(request);
  const { token, ...account } = await readJson(request, Body);
  const email = await acceptInvitation(token, account);
  return withCookies(await signInNew({ email, password: account.password }));
});

export const { GET, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("POST");
