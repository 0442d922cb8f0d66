import type { BatchSource } from "./batch.ts";
import { checkSeconds } from "./check-source.ts";
import { instantOf } from "./instant.ts";
import { isCount, type JsonObject, nameOf, objectOf, own } from "./json-values.ts";
import { lossReasonOf } from "./losses.ts";
import type { Rejections } from "./rejections.ts";
import { badMember, WireError } from "./wire-error.ts";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const MOST_LOSS_REASONS = 64;
const HIGHEST = "a whole number from 0 to 2^53 - 1";

/**
 * Who sends, and for which window, in an UNTRUSTED JSON batch. Throws `WireError` that names the member; a release that is no
 * text is rejected alone.
 */
export function sourceOf(body: JsonObject, rejections: Rejections): BatchSource {
  const batch = own(body, "batch");
  if (typeof batch !== "string" || !UUID.test(batch.toLowerCase()))
    throw badMember("batch_id", "batch", "a UUID", batch);
  const [service, environment, instance] = [
    requiredName(body, "service"),
    requiredName(body, "environment"),
    requiredName(body, "instance"),
  ];
  const given = own(body, "release") ?? "";
  const release = nameOf(given);
  if (typeof given !== "string") rejections.add("release", "name", 0);
  const window = windowOf(own(body, "window"));
  return { batch: batch.toLowerCase(), service, environment, instance, ...(release ? { release } : {}), window };
}

function requiredName(body: JsonObject, member: string): string {
  const name = nameOf(own(body, member));
  if (!name) throw badMember("name", member, "text of at least one character", own(body, member));
  return name;
}

function windowOf(value: unknown): BatchSource["window"] {
  const given = objectOf(value);
  if (!given) throw badMember("window", "window", "an object with start and seconds", value);
  const start = own(given, "start");
  const startMs = typeof start === "string" ? instantOf(start) : null;
  if (startMs === null)
    throw badMember("window", "window.start", "an RFC 3339 time that exists, as 2026-11-22T10:00:00Z", start);
  const seconds = own(given, "seconds");
  checkSeconds(seconds);
  return { startMs, seconds };
}

/** Losses by reason in an UNTRUSTED JSON batch. Throws `WireError` that names the member. */
export function lossesOf(body: JsonObject): Map<string, number> {
  const losses = new Map<string, number>();
  const given = own(body, "losses");
  if (given === undefined) return losses;
  const listed = objectOf(given);
  if (!listed) throw badMember("losses", "losses", "an object of reasons and numbers", given);
  const names = Object.keys(listed);
  if (names.length > MOST_LOSS_REASONS)
    throw new WireError("losses", `losses has ${names.length} reasons; at most ${MOST_LOSS_REASONS} are allowed`);
  for (const name of names) {
    const count = listed[name];
    if (!isCount(count)) throw badMember("losses", `losses.${name.slice(0, 40)}`, HIGHEST, count);
    const reason = lossReasonOf(name);
    const sum = (losses.get(reason) ?? 0) + count;
    if (!isCount(sum)) throw badMember("losses", `the sum of losses that count as ${reason}`, HIGHEST, sum);
    if (sum > 0) losses.set(reason, sum);
  }
  return losses;
}
