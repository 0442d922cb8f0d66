import { TailfillError } from "@/lib/errors";

/** Longer addresses are cut in what is told of them. */
const LONGEST_TOLD = 200;

/** @throws TailfillError `not_found` that names the address. */
export function nothingHere(request: Request): never {
  const { pathname } = new URL(request.url);
  const told = pathname.length > LONGEST_TOLD ? `${pathname.slice(0, LONGEST_TOLD)}…` : pathname;
  throw new TailfillError("not_found", `There is nothing at ${told}.`);
}
