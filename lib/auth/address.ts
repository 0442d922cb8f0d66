import type { IncomingMessage } from "node:http";
import { BlockList, isIP } from "node:net";
import { config } from "@/lib/config";

/** Where the web server writes the address of the socket for handlers; whatever a client sends under it is overwritten. */
const HEADER = "x-tailfill-address";
const UNKNOWN = "unknown";

// Set once the web server of this process stamps requests; before, the header is a client's word and worth nothing.
const shared = globalThis as typeof globalThis & { tailfillStampsAddress?: true };

/**
 * Notes the address that a request's socket has, for `addressOf`. The web server calls this for each request before
 * Next.js sees it. `X-Forwarded-For` is looked at only when the socket is that of a trusted proxy: any client can write one.
 */
export function stampAddress(request: IncomingMessage, proxies = trustedProxies()): void {
  shared.tailfillStampsAddress = true;
  const forwarded = String(request.headers["x-forwarded-for"] ?? "").split(",");
  request.headers[HEADER] = clientOf([...forwarded, request.socket.remoteAddress ?? UNKNOWN], proxies);
}

/** Going back from the socket, the first address that is no trusted proxy's. */
function clientOf(hops: readonly string[], proxies: BlockList): string {
  const addresses = hops.map((hop) => hop.trim()).filter((hop) => hop !== "");
  const isProxy = (hop: string) => isIP(hop) !== 0 && proxies.check(hop, isIP(hop) === 4 ? "ipv4" : "ipv6");
  return addresses.findLast((hop) => !isProxy(hop)) ?? addresses[0] ?? UNKNOWN;
}

let configured: BlockList | undefined;

function trustedProxies(): BlockList {
  configured ??= proxyList(config().trustedProxies);
  return configured;
}

/** @param networks addresses and CIDRs, as lib/config.ts has checked them */
export function proxyList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", bits] = network.split("/");
    const family = isIP(address) === 4 ? "ipv4" : "ipv6";
    list.addSubnet(address, bits === undefined ? (family === "ipv4" ? 32 : 128) : Number(bits), family);
  }
  return list;
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
