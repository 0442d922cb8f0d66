import { z } from "zod";
import { setUpFirstUser } from "@/lib/auth/first-user";
import { handle } from "@/lib/auth/handle";
import { readJson } from "@/lib/auth/read-json";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { requireSameOrigin } from "@/lib/auth/same-origin";
import { signInNew, withCookies } from "@/lib/auth/sign-in";

const Body = z.strictObject({
  token: z.string().max(100),
  name: z.string().max(100).optional(),
  email: z.string().max(254),
  password: z.string().max(1000),
});

/** Makes the first user by the one-time link and signs them in. */
export const POST = handle(async (request) => {
  requireSameOrigin(request);
  const { token, ...account } = await readJson(request, Body);
  await setUpFirstUser(token, account);
  return withCookies(await signInNew(account));
});

export const { GET, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("POST");
