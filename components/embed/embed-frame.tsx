"use client";
import { CSPProvider } from "@base-ui/react/csp-provider";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import { useRouter } from "next/navigation";
import { useEffect, type ReactNode } from "react";
import { PlotProvider } from "@/components/charts/plot-context";
import { formatMoment } from "@/components/format/time";
import { ClockProvider, useZone } from "@/components/shell/clock";

interface EmbedFrameProps {
  nonce: string | undefined;
  expiresAt: string;
  children: ReactNode;
}

const REFRESH_MS = 60_000;
const CLOCK = { choice: "local", zone: "UTC" } as const;
const stay = () => undefined;

/** A shared page: what is shown, kept up to date while it is looked at, and until when. Nothing in it leads anywhere. */
export function EmbedFrame({ nonce, expiresAt, children }: EmbedFrameProps) {
  const router = useRouter();
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === "visible" && router.refresh(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [router]);
  return (
    <CSPProvider nonce={nonce} disableStyleElements>
      <NuqsAdapter>
        <ClockProvider start={CLOCK}>
          <PlotProvider narrow={stay} widen={stay}>
            <main className="flex max-w-[1440px] flex-col gap-3 p-3 phone:p-4">
              {children}
              <Foot expiresAt={expiresAt} />
            </main>
          </PlotProvider>
        </ClockProvider>
      </NuqsAdapter>
    </CSPProvider>
  );
}

function Foot({ expiresAt }: { expiresAt: string }) {
  const zone = useZone();
  return (
    <p className="text-small text-muted">
      tailfill, shared until <time dateTime={expiresAt}>{formatMoment(Date.parse(expiresAt), zone)}</time>
    </p>
  );
}
