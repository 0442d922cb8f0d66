import { REPORT_ANSWER, REPORT_BODY } from "../../wire/report-schema.ts";
import { answered, json, problems } from "./parts.ts";
import { jsonSchema } from "./schemas.ts";

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

/** The calls of prefill. */
export const PREFILL_CALLS = { "/api/v1/prefill/events": { post: EVENTS } };
