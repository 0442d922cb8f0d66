import { TailfillError } from "../../errors.ts";

/** The error for a body that is no export at all. `what` ends a sentence and holds nothing of the body. */
export const notOtlp = (what: string): TailfillError =>
  new TailfillError("not_otlp", `The body is no export of OTLP/HTTP: ${what}.`);
