import { z } from "zod";
import { DELIVERY_ANSWERS } from "./alert-delivery-answers.ts";
import { RULE_KINDS } from "./alert-rule-schemas.ts";
import { MATCHER } from "./alert-mute-schemas.ts";

/** What the API answers about alerts. lib/alerts takes its types from here, so that both cannot differ. */
const at = z.iso.datetime().meta({ description: "ISO 8601 in UTC." });
const maybeAt = at.nullable();
const count = z.number().int().min(0);

const observed = z.record(z.string(), z.number().nullable()).nullable().meta({
  description:
    "`count` and `windowSeconds`, and by the rule's kind `percentile`, `valueUs` and `thresholdUs`; `valueShare` and `thresholdShare`; `valueCount`, `thresholdCount` and `baselineCount`; `valueBurnRate` and `thresholdBurnRate`; `valueUsers` and `thresholdUsers`; `valueQueries` and `thresholdQueries`.",
});
const severity = z.enum(["page", "ticket"]);
const verdict = z.enum(["ok", "breach", "no_data", "too_few", "could_not_ask"]);
const seriesState = z.enum(["firing", "recovering", "pending", "no_data", "ok"]);

const series = z.strictObject({
  series: z.string(),
  endpoint: z.strictObject({ id: z.number().int(), method: z.string(), route: z.string() }).nullable(),
  user: z.string().nullable(),
  severity: severity.nullable().meta({ description: "Of a burn rate, which has series for pages and for tickets." }),
  state: seriesState,
  verdict: verdict.meta({ description: "What the last evaluation said." }),
  why: z.string().nullable(),
  observed,
  activeAt: maybeAt.meta({ description: "Since when it breaches, moved by times in which nobody looked." }),
  firedAt: maybeAt,
  evaluatedAt: maybeAt.meta({ description: "The end of the last windows that were judged." }),
  incident: z.uuid().nullable(),
});

const AlertRule = z.strictObject({
  id: z.uuid(),
  rule: z
    .looseObject({ name: z.string(), kind: z.enum(RULE_KINDS) })
    .meta({ description: "The rule as it was given, every default filled in." }),
  state: z.enum(["firing", "recovering", "pending", "no_data", "ok", "off", "waiting"]).meta({
    description: "The worst state of its series. `off`: it is switched off. `waiting`: nothing was evaluated yet.",
  }),
  health: z
    .enum(["ok", "error"])
    .meta({ description: "`error`: its last three evaluations or more could not be asked." }),
  source: z.enum(["api", "file"]).meta({ description: "Who keeps it: people and programs, or the rules file." }),
  createdAt: at,
  changedAt: at,
  changedBy: z.string().nullable(),
  series: z.array(series).meta({ description: "The worst first, at most 100." }),
  seriesCount: count,
});

const incident = {
  id: z.uuid(),
  rule: z.string(),
  ruleId: z.uuid(),
  service: z.string(),
  environment: z.string(),
  severity,
  state: z.enum(["firing", "acknowledged", "resolved"]),
  openedAt: at,
  resolvedAt: maybeAt,
  acknowledgedAt: maybeAt,
  acknowledgedBy: z.string().nullable(),
  toldAt: maybeAt.meta({
    description: "When receivers were told last; null: not yet, or it was muted or over before.",
  }),
  counts: z
    .strictObject({ firing: count, recovering: count, muted: count, resolved: count })
    .meta({ description: "Of those that fire, some may be recovering and some muted." }),
};

const member = z.strictObject({
  ruleId: z.uuid(),
  series: z.string(),
  endpoint: z.strictObject({ id: z.number().int(), method: z.string(), route: z.string() }).nullable(),
  user: z.string().nullable(),
  state: z.enum(["firing", "recovering", "resolved"]).meta({
    description: "`recovering`: it is well again, and has not been for long enough.",
  }),
  observed,
  firedAt: at,
  resolvedAt: maybeAt,
  reason: z.enum(["ok", "no_data", "missing", "rule_changed", "rule_removed"]).nullable().meta({
    description: "Why it resolved. Only `ok` says that it is well.",
  }),
  mutedBy: z.string().nullable(),
});

const AlertIncidents = z.strictObject({
  incidents: z.array(z.strictObject(incident)).meta({ description: "The latest first." }),
  next: z.uuid().nullable().meta({ description: "`before` of the next page; null: there is none." }),
});
const AlertIncident = z.strictObject({
  ...incident,
  members: z.array(member).meta({ description: "Those that fire first, the worst first." }),
  timeline: z
    .array(z.strictObject({ at, kind: z.string(), detail: z.looseObject({}) }))
    .meta({ description: "The first first, of more than 500 lines the last." }),
  events: z.array(z.strictObject({ id: z.uuid(), type: z.string(), at, receivers: z.array(z.string()) })),
});

const past = { series: z.string(), endpoint: z.string().nullable(), user: z.string().nullable() };
const stepValue = z
  .strictObject({
    at: at.meta({ description: "The moment that was judged." }),
    value: z.number().nullable(),
    threshold: z.number().nullable(),
    verdict,
  })
  .meta({ description: "The worst that was judged in a step." });
const AlertBackTest = z.strictObject({
  range: z.strictObject({ from: at, to: at }),
  stepSeconds: z.number().int().min(1).meta({ description: "It was judged as if there had been a round so often." }),
  series: count,
  isLimited: z
    .boolean()
    .meta({ description: "Whether the rule has more series than a back-test looks at, which is 20." }),
  verdicts: z.strictObject({ ok: count, breach: count, no_data: count, too_few: count, could_not_ask: count }),
  notes: z.array(z.string()).meta({
    description:
      "What to know about it, one sentence each: how many users were looked at, what is not known of the past.",
  }),
  told: z.array(z.strictObject({ at, type: z.string() })).meta({ description: "What receivers would have been told." }),
  fired: z.array(z.strictObject({ ...past, from: at, to: maybeAt })),
  unit: z
    .enum(["us", "share", "requests", "burn_rate", "users", "queries"])
    .meta({ description: "What `value` and `threshold` are counted in." }),
  valueSeconds: z.number().int().min(1).meta({ description: "The width of a step of `values`." }),
  values: z
    .array(z.strictObject({ ...past, steps: z.array(stepValue) }))
    .meta({ description: "The five worst series, the worst first." }),
});

const created = { createdAt: at, createdBy: z.string().nullable() };
const AlertSilence = z.strictObject({
  id: z.uuid(),
  matcher: MATCHER,
  reason: z.string(),
  from: at,
  to: at,
  state: z.enum(["waiting", "on", "over"]),
  ...created,
});
const AlertMaintenance = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  matcher: MATCHER,
  from: at,
  to: at,
  repeats: z.enum(["once", "daily", "weekly"]),
  until: maybeAt,
  isOn: z.boolean(),
  ...created,
});

const AlertImport = z.strictObject({
  created: z.array(z.string()),
  changed: z.array(z.string()),
  removed: z
    .array(z.string())
    .meta({ description: "Rules that an earlier import had made and that the file has no more." }),
  unchanged: count,
});

export const ALERT_ANSWERS = {
  AlertRule,
  AlertRules: z.strictObject({ rules: z.array(AlertRule) }),
  AlertIncidents,
  AlertIncident,
  AlertBackTest,
  AlertSilence,
  AlertSilences: z.strictObject({ silences: z.array(AlertSilence) }),
  AlertMaintenance,
  AlertMaintenanceWindows: z.strictObject({ maintenance: z.array(AlertMaintenance) }),
  AlertImport,
  ...DELIVERY_ANSWERS,
} as const;

export type AlertAnswer<Name extends keyof typeof ALERT_ANSWERS> = z.output<(typeof ALERT_ANSWERS)[Name]>;
