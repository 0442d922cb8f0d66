import type { NextConfig } from "next";
import { API_POLICY, STATIC_HEADERS, UNFRAMED_HEADER } from "./lib/auth/security-headers.ts";

const config: NextConfig = {
  poweredByHeader: false,
  // `npm run verify` checks types, of tests and benchmarks as well; a build for running does not need to.
  typescript: { ignoreBuildErrors: true },
  reactStrictMode: true,
  devIndicators: false,
  // `npm run dev` listens there, which Next.js takes for another site than localhost.
  allowedDevOrigins: ["127.0.0.1"],
  serverExternalPackages: ["@prisma/client", "@prisma/adapter-pg", "pg", "pino", "bullmq", "nodemailer"],
  headers: () =>
    Promise.resolve([
      { source: "/:path*", headers: [...STATIC_HEADERS] },
      { source: "/((?!embed/).*)", headers: [UNFRAMED_HEADER] },
      { source: "/(api|data|v1)/:path*", headers: [{ key: "Content-Security-Policy", value: API_POLICY }] },
      { source: "/metrics", headers: [{ key: "Content-Security-Policy", value: API_POLICY }] },
    ]),
};

export default config;
