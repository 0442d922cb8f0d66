import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";

/** Where the web server writes the address of the socket for handlers; whatever a client sends under it is overwritten. */
const HEADER = "x-tailfill-address";
const UNKNOWN = "unknown";

// Set once the web server of this process stamps requests; before, the header is a client's word and worth nothing.
const shared = globalThis as typeof globalThis & { tailfillStampsAddress?: true };

/**
 * Notes the address that a request's socket has, for `addressOf`. The web server calls this for each request before
 * Next.js sees it. `X-Forwarded-For` is not looked at: any client can write one.
 */
export function stampAddress(request: IncomingMessage): void {
  shared.tailfillStampsAddress = true;
  request.headers[HEADER] = request.socket.remoteAddress ?? UNKNOWN;
}

/** The network that a request came from, as limits count it: an IPv4 address, the /64 of an IPv6 address, or `unknown`. */
export function addressOf(headers: Headers): string {
  if (!shared.tailfillStampsAddress) return UNKNOWN;
  return networkOf(headers.get(HEADER) ?? UNKNOWN);
}

/**
 * An IPv4 address as it is; of an IPv6 address the first 64 bits, since one customer usually holds all of those; an
 * IPv4 address mapped into IPv6 as IPv4. Anything else is `unknown`.
 */
export function networkOf(address: string): string {
  const bare = address.replace(/%.*$/, "");
  if (isIP(bare) === 4) return bare;
  if (isIP(bare) !== 6) return UNKNOWN;
  const groups = groupsOf(bare);
  const mapped = groups.slice(0, 5).every((g) => g === 0) && groups[5] === 0xffff;
  if (mapped) return ipv4Of(groups[6] ?? 0, groups[7] ?? 0);
  return `${groups
    .slice(0, 4)
    .map((g) => g.toString(16))
    .join(":")}::/64`;
}

/** The eight 16-bit groups of a valid IPv6 address, in any of its spellings. */
function groupsOf(address: string): number[] {
  // The URL parser writes the one canonical form, with a dotted IPv4 tail turned into groups.
  const canonical = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [head = "", tail] = canonical.split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => "0");
  return [...before, ...zeros, ...after].map((group) => Number.parseInt(group, 16));
}

function ipv4Of(high: number, low: number): string {
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}
