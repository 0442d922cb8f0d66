import { requireUser } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { refuseAllBut } from "@/lib/auth/refuse-methods";
import { readArrival } from "./read-arrival";

/** For people only: it tells of keys. */
export const GET = handle(async (request) => {
  await requireUser(request);
  return Response.json(await readArrival(new URL(request.url).searchParams.get("key")));
});

export const { POST, PUT, PATCH, DELETE, OPTIONS } = refuseAllBut("GET");
