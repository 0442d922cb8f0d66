import { z } from "zod";
import { handle } from "@/lib/auth/handle";
import { replaceLostPassword } from "@/lib/auth/password-links";
import { readJson } from "@/lib/auth/read-json";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { requireSameOrigin } from "@/lib/auth/same-origin";
import { signInNew, withCookies } from "@/lib/auth/sign-in";

const Body = z.strictObject({ token: z.string().max(100), password: z.string().max(1000) });

/** Replaces a lost password by a one-time link and signs the person in. */
export const POST = handle(async (request) => {
  requireSameOrigin(request);
  const { token, password } = await readJson(request, Body);
  const email = await replaceLostPassword(token, password);
  return withCookies(await signInNew({ email, password }));
});

export const { GET, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("POST");
