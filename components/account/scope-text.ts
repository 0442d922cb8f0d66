import type { Scope } from "@/lib/auth/access";

/** What each scope allows, in the order in which they are offered. */
export const SCOPE_TEXT: readonly (readonly [Scope, string])[] = [
  ["ingest", "send latencies: what the SDK in an app needs"],
  ["read", "read endpoints, users and percentiles"],
  ["write", "change rules and settings by the API"],
];
