import { z } from "zod";
import { requireUser } from "@/lib/auth/access";
import { createApiKey, listApiKeys, SCOPES } from "@/lib/auth/api-keys";
import { handle } from "@/lib/auth/handle";
import { readJson } from "@/lib/auth/read-json";
import { refuseAllBut } from "@/lib/auth/refuse-methods";

const Body = z.strictObject({
  name: z.string().trim().min(1).max(100),
  scopes: z.array(z.enum(SCOPES)).min(1).max(SCOPES.length),
});

/** Keys are made and seen by people only: a leaked key must not be able to make another. */
export const GET = handle(async (request) => {
  await requireUser(request);
  return Response.json({ keys: await listApiKeys() });
});

/** Answers the key, which is shown once. */
export const POST = handle(async (request) => {
  const user = await requireUser(request);
  const { name, scopes } = await readJson(request, Body);
  const { key, row } = await createApiKey({ name, scopes, createdBy: user.email });
  return Response.json({ key, ...row }, { status: 201 });
});

export const { PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("GET", "POST");
