import { z } from "zod";
import { requireUser } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { invite } from "@/lib/auth/invitations";
import { readJson } from "@/lib/auth/read-json";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { config } from "@/lib/config";

const Body = z.strictObject({ email: z.email().max(254) });

/** Answers the link, which is shown once. */
export const POST = handle(async (request) => {
  const user = await requireUser(request);
  const { email } = await readJson(request, Body);
  const token = await invite({ email, createdBy: user.email });
  return Response.json({ url: `${config().publicUrl}/invite/${token}` }, { status: 201 });
});

export const { GET, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("POST");
