import { cookies, headers } from "next/headers";
import type { ReactNode } from "react";
import { CLOCK_COOKIE, readClock } from "@/components/shell/preferences";
import { Providers } from "@/components/shell/providers";
import { Shell } from "@/components/shell/shell";
import { requireSession } from "@/lib/auth/access";

export default async function DashboardLayout({ children }: { children: ReactNode }) {
  const { email } = await requireSession();
  const clock = readClock((await cookies()).get(CLOCK_COOKIE)?.value);
  const nonce = (await headers()).get("x-nonce") ?? undefined;
  return (
    <Providers clock={clock} nonce={nonce}>
      <Shell email={email}>{children}</Shell>
    </Providers>
  );
}
