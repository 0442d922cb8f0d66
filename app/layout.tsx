import type { Metadata, Viewport } from "next";
import { cookies, headers } from "next/headers";
import type { ReactNode } from "react";
import { readTheme, THEME_COOKIE } from "@/components/shell/preferences";
import { THEME_HEADER } from "@/lib/auth/theme-header";
import "./globals.css";

export const metadata: Metadata = { title: { default: "tailfill", template: "%s · tailfill" } };
export const viewport: Viewport = { colorScheme: "light dark", width: "device-width", initialScale: 1 };

export default async function RootLayout({ children }: { children: ReactNode }) {
  const asked = (await headers()).get(THEME_HEADER); // what a shared page shows is its address' to say
  const theme = readTheme(asked || (await cookies()).get(THEME_COOKIE)?.value);
  return (
    <html lang="en" data-theme={theme === "system" ? undefined : theme}>
      <body>{children}</body>
    </html>
  );
}
