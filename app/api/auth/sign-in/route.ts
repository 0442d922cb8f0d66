import { z } from "zod";
import { handle } from "@/lib/auth/handle";
import { readJson } from "@/lib/auth/read-json";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { requireSameOrigin } from "@/lib/auth/same-origin";
import { signIn, withCookies } from "@/lib/auth/sign-in";

const Body = z.strictObject({ email: z.string().min(1).max(254), password: z.string().min(1).max(1000) });

export const POST = handle(async (request) => {
  requireSameOrigin(request); // nobody is to be signed in to another's account by another site
  return withCookies(await signIn(request, await readJson(request, Body)));
});

export const { GET, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("POST");
