"use client";
import { CSPProvider } from "@base-ui/react/csp-provider";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import { useState, type ReactNode } from "react";
import { UsualFromProvider } from "@/components/range/usual-from";
import { ClockProvider } from "./clock";
import type { ClockPreference } from "./preferences";
import { Shortcuts } from "./shortcuts";

interface ProvidersProps {
  clock: ClockPreference;
  /** Of this page's Content-Security-Policy. */
  nonce: string | undefined;
  /** Where ranges begin whose address says nothing. */
  usualFrom: string;
  children: ReactNode;
}

export function Providers({ clock, nonce, usualFrom, children }: ProvidersProps) {
  const [client] = useState(() => new QueryClient({ defaultOptions: { queries: { staleTime: 5_000 } } }));
  return (
    <CSPProvider nonce={nonce} disableStyleElements>
      <QueryClientProvider client={client}>
        <NuqsAdapter>
          <ClockProvider start={clock}>
            <UsualFromProvider value={usualFrom}>{children}</UsualFromProvider>
            <Shortcuts />
          </ClockProvider>
        </NuqsAdapter>
      </QueryClientProvider>
    </CSPProvider>
  );
}
