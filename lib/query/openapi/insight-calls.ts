import { INSIGHT_ANSWER, INSIGHT_BODY } from "../../wire/insight-schema.ts";
import { answered, json, problems, read } from "./parts.ts";
import { jsonSchema } from "./schemas.ts";

const REPORT = {
  operationId: "reportInsight",
  summary: "Tell of statements, of single requests, of what was stopped, and of how relations are loaded",
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
  summary: "What query guards stopped, would have stopped, or left alone, and what else was stopped",
  question: "insightKills",
  answer: "InsightKills",
});

const REPEATS = read({
  id: "listRepeats",
  summary: "Statements that requests run again and again, and what to write instead",
  question: "insightRepeats",
  answer: "InsightRepeats",
});

const TRIALS = read({
  id: "listTrials",
  summary: "Trials of Prisma's join against query, with a verdict that holds at every look",
  question: "insightTrials",
  answer: "InsightTrials",
});

const REQUESTS = read({
  id: "listSlowRequests",
  summary: "The slowest single requests, whose they were, and what their time went to",
  question: "insightRequests",
  answer: "InsightRequests",
});

/** The calls about databases. */
export const INSIGHT_CALLS = {
  "/api/v1/insight/statements": { get: STATEMENTS },
  "/api/v1/insight/kills": { get: KILLS },
  "/api/v1/insight/repeats": { get: REPEATS },
  "/api/v1/insight/trials": { get: TRIALS },
  "/api/v1/insight/requests": { get: REQUESTS },
  "/api/v1/insight/report": { post: REPORT },
};
