import { REPORT_ANSWER, REPORT_BODY } from "../../wire/report-schema.ts";
import { SETTING_CHANGE } from "../prefill-answer-schemas.ts";
import { answered, json, problems, read } from "./parts.ts";
import { jsonSchema, queryParameters } from "./schemas.ts";

const EVENTS = {
  operationId: "reportPrefillEvents",
  summary: "Tell of prefill decisions, and what became of them",
  description:
    "Answers 200 only after everything that is accepted is committed. The same event may be told again: it counts once.",
  security: [{ key: [] }],
  requestBody: { required: true, content: json(jsonSchema(REPORT_BODY, "input")) },
  responses: {
    200: answered("What was kept", jsonSchema(REPORT_ANSWER)),
    ...problems(400, 401, 403, 408, 413, 415, 429, 503, 507),
  },
};

const PLAN = {
  operationId: "getPrefillPlan",
  summary: "What an app's SDK acts on",
  description:
    "Ask again with `If-None-Match`. A change of the mode is in the answer within a second. An instance that names itself shares the budget with those that asked in the last two minutes.",
  parameters: queryParameters("prefillPlan"),
  security: [{ key: [] }, { session: [] }],
  responses: {
    200: answered("The plan", { type: "object" }),
    304: { description: "The plan of `If-None-Match` is still in force" },
    ...problems(400, 401, 403, 503),
  },
};

const settings = { $ref: "#/components/schemas/PrefillSettings" };
const SETTINGS = {
  get: read({
    id: "getPrefillSettings",
    summary: "Mode, goal, target, budget and shares of a service and environment",
    question: "prefillSettings",
    answer: "PrefillSettings",
    also: [404],
  }),
  patch: {
    operationId: "changePrefillSettings",
    summary: "Change them; apps act on it within 2 s",
    parameters: queryParameters("prefillSettings"),
    security: [{ key: [] }, { session: [] }],
    requestBody: { required: true, content: json(jsonSchema(SETTING_CHANGE, "input")) },
    responses: {
      200: answered("The settings as they are now", settings),
      ...problems(400, 401, 403, 404, 413, 415, 503),
    },
  },
};

const CANDIDATES = read({
  id: "listPrefillCandidates",
  summary: "Whom to fill, why, and what it would do",
  question: "prefillCandidates",
  answer: "PrefillCandidates",
  also: [404],
});

const EFFECT = read({
  id: "getPrefillEffect",
  summary: "What filling did: filled against withheld decisions",
  question: "prefillEffect",
  answer: "PrefillEffect",
  also: [404],
});

/** The calls of prefill. */
export const PREFILL_CALLS = {
  "/api/v1/prefill/events": { post: EVENTS },
  "/api/v1/prefill/plan": { get: PLAN },
  "/api/v1/prefill/settings": SETTINGS,
  "/api/v1/prefill/candidates": { get: CANDIDATES },
  "/api/v1/prefill/effect": { get: EFFECT },
};
