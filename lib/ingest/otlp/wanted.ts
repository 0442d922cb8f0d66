import { TailfillError } from "../../errors.ts";

/** Which signal counts requests. Left out: spans, as long as they come. */
export type Counted = "metrics" | "traces" | undefined;

export const COUNTED_HEADER = "tailfill-requests";

/** What the sender says that its requests are counted by. @throws TailfillError `bad_request` */
export function countedBy(request: Request): Counted {
  const value = request.headers.get(COUNTED_HEADER)?.trim().toLowerCase() ?? "";
  if (value === "metrics" || value === "traces") return value;
  if (value === "") return undefined;
  throw new TailfillError("bad_request", `${COUNTED_HEADER} must be \`metrics\` or \`traces\`.`);
}
