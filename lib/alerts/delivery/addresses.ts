import { BlockList, isIP, isIPv4 } from "node:net";

/** Networks of IPv4 that are not the public internet, and clouds' own services under public addresses. */
const FORBIDDEN_V4 = [
  "0.0.0.0/8", // this network
  "10.0.0.0/8", // private
  "100.64.0.0/10", // carrier-grade NAT; a cloud's metadata at 100.100.100.200
  "127.0.0.0/8", // loopback
  "168.63.129.16/32", // Azure's host
  "169.254.0.0/16", // link-local; clouds' metadata at 169.254.169.254
  "172.16.0.0/12", // private
  "192.0.0.0/24", // protocol assignments; a cloud's metadata at 192.0.0.192
  "192.0.2.0/24", // documentation
  "192.88.99.0/24", // 6to4 relays
  "192.168.0.0/16", // private
  "198.18.0.0/15", // benchmarks
  "198.51.100.0/24", // documentation
  "203.0.113.0/24", // documentation
  "224.0.0.0/4", // multicast
  "240.0.0.0/4", // reserved, and broadcast
];
/** Of IPv6 only this is public at all: NAT64, unique local and link-local addresses lie outside. */
const GLOBAL_V6 = "2000::/3";
/** What inside of it is not, or leads to IPv4 in another guise. */
const FORBIDDEN_V6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"];

/** A list of networks, written as addresses or CIDRs. */
export function networks(cidrs: readonly string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [address = "", bits] = cidr.split("/");
    const family = isIPv4(address) ? "ipv4" : "ipv6";
    list.addSubnet(address, Number(bits ?? (family === "ipv4" ? 32 : 128)), family);
  }
  return list;
}

const forbiddenV4 = networks(FORBIDDEN_V4);
const globalV6 = networks([GLOBAL_V6]);
const forbiddenV6 = networks(FORBIDDEN_V6);

/** Whether tailfill may connect to an address: a public one, or one in a network that the operator allows. */
export function isAllowed(address: string, allow: BlockList): boolean {
  const plain = plainAddress(address);
  if (isIP(plain) === 0) return false;
  const family = isIPv4(plain) ? "ipv4" : "ipv6";
  if (allow.check(plain, family)) return true;
  if (family === "ipv4") return !forbiddenV4.check(plain, family);
  return globalV6.check(plain, family) && !forbiddenV6.check(plain, family);
}

/** An IPv4 address in the guise of IPv6 (`::ffff:7f00:1`) as what it is; without brackets and zone. */
function plainAddress(address: string): string {
  const bare = address.replace(/^\[|\]$/g, "");
  const mapped = /^::ffff:(?:([\d.]+)|([\da-f]{1,4}):([\da-f]{1,4}))$/i.exec(bare);
  if (mapped === null) return bare;
  if (mapped[1] !== undefined) return mapped[1];
  const [high, low] = [parseInt(mapped[2]!, 16), parseInt(mapped[3]!, 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}
