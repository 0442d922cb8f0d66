import { z } from "zod";
import { requireUser } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { readJson } from "@/lib/auth/read-json";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { changePassword, withCookies } from "@/lib/auth/sign-in";

const Body = z.strictObject({ current: z.string().max(1000), next: z.string().max(1000) });

export const POST = handle(async (request) => {
  const user = await requireUser(request);
  return withCookies(await changePassword(request, user, await readJson(request, Body)));
});

export const { GET, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("POST");
