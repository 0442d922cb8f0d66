import { expect, test } from "vitest";
import { addressOf, networkOf } from "@/lib/auth/address";
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
