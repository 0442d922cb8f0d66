import { requireUser } from "@/lib/auth/access";
import { handle } from "@/lib/auth/handle";
import { readArrival } from "./read-arrival";

/** For people only: it tells of keys. */
export const GET = handle(async (request) => {
  await requireUser(request);
  return Response.json(await readArrival(new URL(request.url).searchParams.get("key")));
});
