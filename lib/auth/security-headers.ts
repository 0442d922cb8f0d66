/** Headers of every answer, pages and API alike; next.config.ts sets them. docs/security.md says what each is for. */
export const STATIC_HEADERS: readonly { key: string; value: string }[] = [
  { key: "X-Content-Type-Options", value: "nosniff" },
  // Tokens of one-time links stand in addresses: no other site may learn them from a Referer.
  { key: "Referrer-Policy", value: "same-origin" },
  { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
  { key: "Cross-Origin-Resource-Policy", value: "same-origin" },
  {
    key: "Permissions-Policy",
    value: "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
  },
];

/** Of every answer but of pages behind a link, which name those that may frame them. This header could name none. */
export const UNFRAMED_HEADER = { key: "X-Frame-Options", value: "DENY" };

/** The policy of answers that are no pages: nothing in them may ever run or be framed. */
export const API_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/**
 * The Content-Security-Policy of a page. Scripts and style elements run by the page's nonce only. Style *attributes* are
 * allowed: charts and floating panels are placed by them, and an attribute cannot load or run anything. `embeddedBy`: sites that may
 * show the page within theirs; nobody else may.
 */
export function pagePolicy(nonce: string, options: { development: boolean; embeddedBy?: readonly string[] }): string {
  const development = options.development ? { script: " 'unsafe-eval'", connect: " ws:" } : { script: "", connect: "" };
  return [
    "default-src 'self'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'${development.script}`,
    `style-src 'self' 'nonce-${nonce}'`,
    `style-src-elem 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self'${development.connect}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-src 'none'",
    `frame-ancestors ${options.embeddedBy?.length ? options.embeddedBy.join(" ") : "'none'"}`,
  ].join("; ");
}
