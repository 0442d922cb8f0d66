import { INSIGHT_ANSWER, INSIGHT_BODY } from "../../wire/insight-schema.ts";
import { answered, json, problems, read } from "./parts.ts";
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

const STATEMENTS = read({
  id: "listStatements",
  summary: "Statements at endpoints, most time first",
  question: "insightStatements",
  answer: "InsightStatements",
});

const KILLS = read({
  id: "listKills",
  summary: "What query guards stopped, would have stopped, or left alone",
  question: "insightKills",
  answer: "InsightKills",
});

/** The calls about databases. */
export const INSIGHT_CALLS = {
  "/api/v1/insight/statements": { get: STATEMENTS },
  "/api/v1/insight/kills": { get: KILLS },
  "/api/v1/insight/report": { post: REPORT },
};
