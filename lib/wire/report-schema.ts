import { z } from "zod";
import { cleanName, LONGEST_NAME, OTHER_USERS } from "./names.ts";
import { MOST_DEFINITIONS } from "./prefill-plan.ts";

/**
 * What `POST /api/v1/prefill/events` takes: the report as a whole, and each definition and event for itself, so that a bad one is
 * refused alone. The API's description is generated from the same. For the server: index.ts leaves it out, so that the SDK does
 * not carry zod.
 */
const HIGHEST_US = 3_600_000_000;
const LONGEST_TTL_SECONDS = 31 * 86_400;
const MOST_EVENTS = 20_000;
const MOST_SIGNALS = 50;
const HIGHEST_MS = 8e15;

const name = z
  .string()
  .min(1)
  .max(LONGEST_NAME * 4)
  .transform(cleanName);
const ms = z.number().min(0).max(HIGHEST_MS);
const us = z.number().min(0).max(HIGHEST_US).transform(Math.round);
const share = z.number().min(0).max(1);

/** The time in it says when the decision was taken. */
const id = z
  .string()
  .regex(
    /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    "must be a UUID version 7, in lower case",
  );

export const DEFINITION = z.object({
  name,
  ttlSeconds: z.number().min(0).max(LONGEST_TTL_SECONDS).transform(Math.round),
  signals: z.array(name).max(MOST_SIGNALS),
});

const decision = z.object({
  type: z.literal("decision"),
  id,
  atMs: ms,
  definition: name,
  user: name.refine((user) => user !== OTHER_USERS, "must be one user"),
  signal: name,
  arm: z.enum(["fill", "withheld", "held_out", "observe"]),
  use: share,
  delta: share,
  costUs: us,
  /** JSON has no infinity: a price that nothing reaches comes as null. */
  price: z
    .number()
    .min(0)
    .nullable()
    .transform((price) => price ?? Number.MAX_VALUE),
  notAfterMs: ms,
});

const fill = z.object({
  type: z.literal("fill"),
  id,
  atMs: ms,
  state: z.enum(["filled", "warm", "voided", "failed", "late", "dropped", "undelivered"]),
  tookUs: us,
  bytes: z.number().min(0).max(Number.MAX_SAFE_INTEGER).transform(Math.round),
});

const visit = z.object({
  type: z.literal("visit"),
  id,
  atMs: ms,
  cache: z.enum(["hit", "miss", "joined", "stale"]),
  latencyUs: us,
});

export const EVENT = z.discriminatedUnion("type", [decision, fill, visit]);
export type ReportedEvent = z.output<typeof EVENT>;

const frame = { v: z.literal(1), service: name, environment: name, instance: name };

/** The report itself; its definitions and events are looked at one by one. */
export const REPORT_FRAME = z.object({
  ...frame,
  definitions: z.array(z.unknown()).max(MOST_DEFINITIONS).optional(),
  events: z.array(z.unknown()).max(MOST_EVENTS),
});

/** The whole of it, for the API's description. */
export const REPORT_BODY = z.object({
  ...frame,
  definitions: z.array(DEFINITION).max(MOST_DEFINITIONS).optional(),
  events: z.array(EVENT).max(MOST_EVENTS),
});

export const REPORT_ANSWER = z.object({
  accepted: z.number().int().meta({ description: "Events that were kept, or were known already." }),
  rejected: z.array(z.object({ path: z.string(), reason: z.string() })),
});
