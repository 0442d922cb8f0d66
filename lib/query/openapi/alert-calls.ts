import { z } from "zod";
import { MAINTENANCE_CHANGE, NEW_MAINTENANCE, NEW_SILENCE, SILENCE_CHANGE } from "../alert-mute-schemas.ts";
import { DRAFT } from "../alert-questions.ts";
import { RULE } from "../alert-rule-schemas.ts";
import { DELIVERY_CALLS } from "./delivery-calls.ts";
import { answered, problems, read } from "./parts.ts";
import { jsonSchema, type JsonSchema, queryParameters } from "./schemas.ts";
import { answer, gone, idOf, security, write } from "./writes.ts";

const MADE = z.object({ id: z.uuid() });
const made = (what: string): JsonSchema => ({ 201: answered(`The ${what}'s id`, jsonSchema(MADE)) });
const rule = jsonSchema(RULE, "input");

const RULE_CHANGE: JsonSchema = {
  type: "object",
  description: "Fields of the rule that change; null takes an optional one away. The kind stays.",
  additionalProperties: true,
};

const RULES = {
  get: read({ id: "listAlertRules", summary: "Alert rules with their states", question: "none", answer: "AlertRules" }),
  post: write({
    id: "createAlertRule",
    summary: "Make an alert rule",
    body: rule,
    answers: made("rule"),
    refuses: [400, 409, 413, 415],
  }),
};

const ONE_RULE = {
  get: read({
    id: "getAlertRule",
    summary: "A rule, and each of its series",
    question: "none",
    answer: "AlertRule",
    path: idOf("rule"),
  }),
  patch: write({
    id: "changeAlertRule",
    summary: "Change a rule",
    path: idOf("rule"),
    body: RULE_CHANGE,
    answers: { 200: answered("The rule as it is now", answer("AlertRule")) },
    refuses: [400, 404, 409, 413, 415],
  }),
  delete: write({
    id: "removeAlertRule",
    summary: "Remove a rule; what it fires resolves within ten seconds",
    path: idOf("rule"),
    answers: gone,
    refuses: [404],
  }),
};

const yaml = (schema: JsonSchema) => ({ "application/yaml": { schema } });
const FILE = {
  get: {
    operationId: "exportAlertRules",
    summary: "All rules as tailfill.rules.yaml",
    security,
    responses: { 200: { description: "The file", content: yaml({ type: "string" }) }, ...problems(401, 403, 503) },
  },
  put: {
    operationId: "importAlertRules",
    summary: "Bring the rules up to a file, all of it or nothing",
    security,
    parameters: queryParameters("alertImport"),
    requestBody: { required: true, content: yaml({ type: "string" }) },
    responses: {
      200: answered("What it changed", answer("AlertImport")),
      ...problems(400, 401, 403, 413, 415, 503),
    },
  },
};

const BACK_TEST = read({
  id: "backTestAlertRule",
  summary: "What a rule would have done in the last days",
  question: "alertBackTest",
  answer: "AlertBackTest",
  path: idOf("rule"),
});
const DRAFT_BACK_TEST = write({
  id: "backTestAlertDraft",
  summary: "What a rule that is not made yet would have done",
  body: { ...jsonSchema(DRAFT, "input"), properties: { ...propertiesOf(DRAFT), rule } },
  answers: { 200: answered("What it would have done", answer("AlertBackTest")) },
  refuses: [400, 413, 415],
});

function propertiesOf(schema: z.ZodType): JsonSchema {
  return (jsonSchema(schema, "input") as { properties: JsonSchema }).properties;
}

const INCIDENTS = read({
  id: "listIncidents",
  summary: "Incidents, the latest first",
  question: "alertIncidents",
  answer: "AlertIncidents",
});
const ONE_INCIDENT = read({
  id: "getIncident",
  summary: "An incident with its members and its timeline",
  question: "none",
  answer: "AlertIncident",
  path: idOf("incident"),
});
const ACKNOWLEDGE = write({
  id: "acknowledgeIncident",
  summary: "Somebody looks after it: it is repeated no more",
  path: idOf("incident"),
  answers: { 200: answered("The incident as it is now", answer("AlertIncident")) },
  refuses: [400, 404],
});

interface Mute {
  one: string;
  many: "AlertSilences" | "AlertMaintenanceWindows";
  name: "AlertSilence" | "AlertMaintenance";
  made: z.ZodType;
  change: z.ZodType;
}

/** Silences and maintenance have the same calls. */
function muteCalls({ one, many, name, ...schemas }: Mute): { all: JsonSchema; each: JsonSchema } {
  const title = name.slice("Alert".length);
  const path = idOf(one);
  return {
    all: {
      get: read({ id: `list${many.slice("Alert".length)}`, summary: `List ${one}s`, question: "none", answer: many }),
      post: write({
        id: `create${title}`,
        summary: `Make a ${one}`,
        body: jsonSchema(schemas.made, "input"),
        answers: made(one),
        refuses: [400, 409, 413, 415],
      }),
    },
    each: {
      patch: write({
        id: `change${title}`,
        summary: `Change a ${one}`,
        path,
        body: jsonSchema(schemas.change, "input"),
        answers: { 200: answered("As it is now", answer(name)) },
        refuses: [400, 404, 409, 413, 415],
      }),
      delete: write({ id: `remove${title}`, summary: `Remove a ${one}`, path, answers: gone, refuses: [404] }),
    },
  };
}

const SILENCES = muteCalls({
  one: "silence",
  many: "AlertSilences",
  name: "AlertSilence",
  made: NEW_SILENCE,
  change: SILENCE_CHANGE,
});
const MAINTENANCE = muteCalls({
  one: "maintenance window",
  many: "AlertMaintenanceWindows",
  name: "AlertMaintenance",
  made: NEW_MAINTENANCE,
  change: MAINTENANCE_CHANGE,
});

/** The calls of alerts. */
export const ALERT_CALLS = {
  "/api/v1/alerts/rules": RULES,
  "/api/v1/alerts/rules/{id}": ONE_RULE,
  "/api/v1/alerts/rules/{id}/back-test": { get: BACK_TEST },
  "/api/v1/alerts/rules.yaml": FILE,
  "/api/v1/alerts/back-test": { post: DRAFT_BACK_TEST },
  "/api/v1/alerts/incidents": { get: INCIDENTS },
  "/api/v1/alerts/incidents/{id}": { get: ONE_INCIDENT },
  "/api/v1/alerts/incidents/{id}/acknowledge": { post: ACKNOWLEDGE },
  "/api/v1/alerts/silences": SILENCES.all,
  "/api/v1/alerts/silences/{id}": SILENCES.each,
  "/api/v1/alerts/maintenance": MAINTENANCE.all,
  "/api/v1/alerts/maintenance/{id}": MAINTENANCE.each,
  ...DELIVERY_CALLS,
};
