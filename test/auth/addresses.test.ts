import { expect, test } from "vitest";
import type { IncomingMessage } from "node:http";
import { addressOf, networkOf, proxyList, stampAddress } from "@/lib/auth/address";
import { readConfig } from "@/lib/config";
import { ask } from "./support/server-room.ts";

test.each([
  ["192.0.2.7", "192.0.2.7"],
  ["::ffff:192.0.2.7", "192.0.2.7"],
  ["::FFFF:C000:0207", "192.0.2.7"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:db8:1:2::1", "2001:db8:1:2::/64"],
  ["2001:0DB8:0001:0002:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["::", "0:0:0:0::/64"],
  ["1:2:3:4:5:6:7.8.9.10", "1:2:3:4::/64"],
  ["", "unknown"],
  ["300.1.1.1", "unknown"],
  ["not an address", "unknown"],
])("%s counts as %s", (address, network) => expect(networkOf(address)).toBe(network));

test("the socket's address counts, whatever headers the client sent", () => {
  const forged = { "x-forwarded-for": "203.0.113.9", "x-real-ip": "203.0.113.9", "x-tailfill-address": "203.0.113.9" };
  expect(addressOf(ask("/", { headers: forged, from: "198.51.100.4" }).headers)).toBe("198.51.100.4");
});

test.each([
  ["a stranger who forges", "198.51.100.4", "203.0.113.9", "198.51.100.4"],
  ["the proxy's client", "10.0.0.2", "203.0.113.9", "203.0.113.9"],
  ["the proxy's client, who forged more", "10.0.0.2", "1.1.1.1, 203.0.113.9", "203.0.113.9"],
  ["a chain of proxies", "::ffff:10.0.0.2", "203.0.113.9, fd00::7, 10.9.9.9", "203.0.113.9"],
  ["the proxy itself", "10.0.0.2", "", "10.0.0.2"],
  ["a client whose address is no address", "10.0.0.2", "<script>", "unknown"],
  ["an IPv6 client", "fd00::7", "2001:db8:1:2:3::4", "2001:db8:1:2::/64"],
])("behind trusted proxies, %s counts by the right address", (_, remoteAddress, forwarded, network) => {
  const message = { headers: { "x-forwarded-for": forwarded }, socket: { remoteAddress } };
  stampAddress(message as unknown as IncomingMessage, proxyList(["10.0.0.0/8", "fd00::7"]));
  expect(addressOf(new Headers(message.headers))).toBe(network);
});

test("trusted proxies are addresses and CIDRs; anything else stops the start", () => {
  const read = (text: string) => readConfig({ TAILFILL_TRUSTED_PROXIES: text }).trustedProxies;
  expect(read("")).toEqual([]);
  expect(read("10.0.0.0/8, ::1")).toEqual(["10.0.0.0/8", "::1"]);
  for (const bad of ["*", "10.0.0.0/33", "proxy.internal", "10.0.0/8", "::1/129"])
    expect(() => read(bad)).toThrow("TAILFILL_TRUSTED_PROXIES must be addresses or CIDRs");
});
