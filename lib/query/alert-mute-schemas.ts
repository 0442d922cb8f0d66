import { z } from "zod";

/** What is muted, as the API takes it. */
const glob = (what: string, example: string) =>
  z
    .string()
    .trim()
    .min(1)
    .max(300)
    .optional()
    .meta({ description: `Only this ${what}; \`*\` stands for any text.`, example });

export const MATCHER = z.strictObject({
  rule: glob("rule, by its name", "checkout *"),
  service: glob("service", "shop"),
  environment: glob("environment", "production"),
  endpoint: glob("endpoint", "GET /api/*"),
  user: glob("user", "u_42"),
});

const time = z.iso.datetime({ offset: true });
const MINUTE = 60_000;
const LONGEST_DAYS = 90;

const matcher = MATCHER.refine((one) => Object.values(one).some((pattern) => pattern !== undefined), {
  error: "must hold at least one pattern; `*` matches everything",
});

export const NEW_SILENCE = z.strictObject({
  matcher,
  reason: z.string().trim().min(1).max(500),
  from: time.optional().meta({ description: "Now, when it is left out." }),
  to: time.meta({ description: `At most ${LONGEST_DAYS} days after \`from\`.` }),
});
export const SILENCE_CHANGE = z
  .strictObject({ matcher, reason: z.string().trim().min(1).max(500), from: time, to: time })
  .partial();

const window = {
  name: z.string().trim().min(1).max(200),
  matcher,
  from: time,
  to: time.meta({ description: "The end of the first time; its length is that of each." }),
  repeats: z.enum(["once", "daily", "weekly"]),
  until: time.nullable().meta({ description: "No time begins after this; null: for ever." }),
};
export const NEW_MAINTENANCE = z.strictObject({
  ...window,
  repeats: window.repeats.default("once"),
  until: window.until.default(null),
});
export const MAINTENANCE_CHANGE = z.strictObject(window).partial();

const PERIOD_MS = { once: LONGEST_DAYS * 86_400_000, daily: 86_400_000, weekly: 7 * 86_400_000 };

/** What the times of a silence or of maintenance want of each other; none when they are good. */
export function timeProblems({
  fromMs,
  toMs,
  repeats,
}: {
  fromMs: number;
  toMs: number;
  repeats: keyof typeof PERIOD_MS;
}): string[] {
  if (toMs - fromMs < MINUTE) return ["to: must be at least a minute after `from`."];
  if (toMs - fromMs <= PERIOD_MS[repeats]) return [];
  return [`to: must be at most ${PERIOD_MS[repeats] / 86_400_000} days after \`from\`.`];
}
