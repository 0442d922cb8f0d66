import { MOST_DEFINITIONS } from "../../../wire/index.ts";
import type { PlannedDefinition, PlannedUser, PrefillMode, PrefillPlan } from "../../../wire/index.ts";

const MODES: readonly PrefillMode[] = ["observe", "fill", "stop"];
const MOST_CONCURRENCY = 64;
const HOURS_OF_WEEK = 168;

export interface ReadPlan {
  plan: PrefillPlan;
  /** Definitions and users that made no sense, or were too many, and were left out. */
  leftOut: number;
}

/**
 * The plan in a text, or null when it is none. Strict about what all decisions hang on; single definitions and users that
 * make no sense are left out.
 */
export function readPlan(text: string): ReadPlan | null {
  const json = parse(text);
  if (json === null || json["v"] !== 1) return null;
  const head = headOf(json);
  const list = json["definitions"];
  if (head === null || !Array.isArray(list)) return null;
  let leftOut = Math.max(0, list.length - MOST_DEFINITIONS);
  const count = () => void leftOut++;
  const definitions = list.slice(0, MOST_DEFINITIONS).flatMap((entry) => definitionOf(entry, count));
  return { plan: { ...head, definitions }, leftOut };
}

type Json = Record<string, unknown>;

function parse(text: string): Json | null {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return null;
  }
}

function headOf(json: Json): Omit<PrefillPlan, "definitions"> | null {
  const { service, environment, mode, salt, foregroundP95Us = null } = json;
  const { madeAtMs, withheldShare, holdOutShare, budgetSecondsPerHour, price, concurrency } = json;
  if (typeof service !== "string" || typeof environment !== "string" || typeof salt !== "string") return null;
  if (!MODES.some((known) => known === mode)) return null;
  if (!isAmount(madeAtMs) || !isShare(withheldShare) || !isShare(holdOutShare)) return null;
  if (!isAmount(budgetSecondsPerHour) || !isAmount(price) || !isAmount(concurrency)) return null;
  if (foregroundP95Us !== null && !isAmount(foregroundP95Us)) return null;
  return {
    v: 1,
    service,
    environment,
    mode: mode as PrefillMode,
    salt,
    madeAtMs,
    withheldShare,
    holdOutShare,
    budgetSecondsPerHour,
    price,
    foregroundP95Us,
    concurrency: Math.min(MOST_CONCURRENCY, Math.max(1, Math.trunc(concurrency))),
  };
}

function definitionOf(entry: unknown, leaveOut: () => void): PlannedDefinition[] {
  const json = objectOf(entry);
  const { name, targetUs, use, useAfter, inTime, delta, costUs, users } = json ?? {};
  const usable =
    typeof name === "string" &&
    isAmount(targetUs) &&
    isShare(use) &&
    isShare(inTime) &&
    isShare(delta) &&
    isCost(costUs);
  if (!usable) {
    leaveOut();
    return [];
  }
  const list = Array.isArray(users) ? users.flatMap((user) => userOf(user, leaveOut)) : [];
  return [{ name, targetUs, use, useAfter: sharesIn(useAfter), inTime, delta, costUs, users: list }];
}

function userOf(entry: unknown, leaveOut: () => void): PlannedUser[] {
  const json = objectOf(entry);
  const { user, delta, costUs, use, hours, again } = json ?? {};
  if (typeof user !== "string" || user === "" || !isShare(delta) || !isCost(costUs)) {
    leaveOut();
    return [];
  }
  const planned: PlannedUser = { user, delta, costUs };
  if (isShare(use)) planned.use = use;
  if (isShare(again)) planned.again = again;
  const slots = Array.isArray(hours) ? hours.filter(isSlot) : [];
  if (slots.length > 0) planned.hours = slots;
  return [planned];
}

function sharesIn(value: unknown): Record<string, number> {
  const entries = Object.entries(objectOf(value) ?? {}).filter((entry): entry is [string, number] => isShare(entry[1]));
  return Object.fromEntries(entries);
}

function isSlot(value: unknown): value is [number, number] {
  if (!Array.isArray(value)) return false;
  const [hour, use] = value as unknown[];
  return isAmount(hour) && Number.isInteger(hour) && hour < HOURS_OF_WEEK && isShare(use);
}

function objectOf(value: unknown): Json | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : null;
}

function isAmount(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value < Infinity;
}

function isCost(value: unknown): value is number {
  return isAmount(value) && value > 0;
}

function isShare(value: unknown): value is number {
  return isAmount(value) && value <= 1;
}
