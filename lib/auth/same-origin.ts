import { config } from "@/lib/config";
import { TailfillError } from "@/lib/errors";

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i;

/**
 * Refuses a change that another site may have made the browser send: a change by cookie must carry an `Origin` that is
 * the public address, or, where the server is visited at a loopback address, that address.
 * @throws TailfillError `cross_site` when Origin is missing, `null`, or of another site.
 */
export function requireSameOrigin(request: Request): void {
  const origin = request.headers.get("origin");
  const host = request.headers.get("host");
  const allowed = [new URL(config().publicUrl).origin];
  if (host !== null && LOOPBACK.test(host)) allowed.push(`http://${host.toLowerCase()}`);
  if (origin === null || !allowed.includes(origin.toLowerCase()))
    throw new TailfillError(
      "cross_site",
      `The request does not come from ${allowed[0]}. Open tailfill there, or set TAILFILL_PUBLIC_URL to the address in use.`,
    );
  const site = request.headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin")
    throw new TailfillError("cross_site", "The request comes from another site.");
}
