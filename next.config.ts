import type { NextConfig } from "next";
import { API_POLICY, STATIC_HEADERS } from "./lib/auth/security-headers.ts";

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
  serverExternalPackages: ["@prisma/client", "@prisma/adapter-pg", "pg", "pino", "bullmq"],
  headers: () =>
    Promise.resolve([
      { source: "/:path*", headers: [...STATIC_HEADERS] },
      { source: "/api/:path*", headers: [{ key: "Content-Security-Policy", value: API_POLICY }] },
    ]),
};

export default config;
