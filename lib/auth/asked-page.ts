import { headers } from "next/headers";
import { ownAddress } from "./own-address.ts";

/** Where proxy.ts writes which page was asked for; whatever a client sends under it is overwritten there. */
export const ASKED_PAGE_HEADER = "x-tailfill-page";

/** The address of the sign-in page that leads back to a path and search; the start is where one comes anyway. */
export function signInAddress(from: string): string {
  const to = ownAddress(from);
  return to === "/" ? "/sign-in" : `/sign-in?${new URLSearchParams({ to }).toString()}`;
}

/** The same, back to the page being rendered. */
export async function signInFromHere(): Promise<string> {
  return signInAddress((await headers()).get(ASKED_PAGE_HEADER) ?? "/");
}
