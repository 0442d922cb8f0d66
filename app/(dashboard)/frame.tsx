import { cookies, headers } from "next/headers";
import type { ReactNode } from "react";
import { CLOCK_COOKIE, readClock } from "@/components/shell/preferences";
import { Providers } from "@/components/shell/providers";
import { Shell } from "@/components/shell/shell";
import { readUsualFrom } from "./data/read-view";

/** What stands around every page of somebody who is signed in. */
export async function Frame({ email, children }: { email: string; children: ReactNode }) {
  const clock = readClock((await cookies()).get(CLOCK_COOKIE)?.value);
  const nonce = (await headers()).get("x-nonce") ?? undefined;
  return (
    <Providers clock={clock} nonce={nonce} usualFrom={await readUsualFrom()}>
      <Shell email={email}>{children}</Shell>
    </Providers>
  );
}
