import { handle } from "@/lib/auth/handle";
import { nothingHere } from "@/lib/auth/nothing-here";

export const dynamic = "force-dynamic";

/** Any address of OTLP that no other route answers, as that of logs, by any method. */
export const GET = handle(nothingHere);
export { GET as POST, GET as PUT, GET as PATCH, GET as DELETE, GET as OPTIONS };
