import { INSIGHT_ANSWER, INSIGHT_BODY } from "../../wire/insight-schema.ts";
import { answered, json, problems } from "./parts.ts";
import { jsonSchema } from "./schemas.ts";

const REPORT = {
  operationId: "reportInsight",
  summary: "Tell of statements, and of what query guards did",
  description:
    "Answers 200 only after everything that is accepted is committed. The same entry may be told again: it counts once.",
  security: [{ key: [] }],
  requestBody: { required: true, content: json(jsonSchema(INSIGHT_BODY, "input")) },
  responses: {
    200: answered("What was kept", jsonSchema(INSIGHT_ANSWER)),
    ...problems(400, 401, 403, 408, 413, 415, 429, 503, 507),
  },
};

/** The calls about databases. */
export const INSIGHT_CALLS = {
  "/api/v1/insight/report": { post: REPORT },
};
