import { answered, json, problems } from "./parts.ts";
import { IMPORT_BODY, IMPORT_PROGRESS, INGEST_ANSWER, jsonSchema, queryParameters } from "./schemas.ts";

const security = [{ key: [] }];
const refused = problems(400, 401, 403, 408, 409, 413, 415, 429, 503, 507);

/** The calls that take history in: docs/import.md. */
export const HISTORY_CALLS = {
  "/api/v1/import": {
    get: {
      operationId: "importProgress",
      summary: "How far a source of history was imported",
      parameters: queryParameters("importProgress"),
      security,
      responses: {
        200: answered("The ends of its chunks", jsonSchema(IMPORT_PROGRESS)),
        ...problems(400, 401, 403, 503),
      },
    },
    post: {
      operationId: "importHistory",
      summary: "Take in a chunk of history, once",
      description: "Windows from an hour to 400 days old. Answers 200 only after it is committed.",
      security,
      requestBody: { required: true, content: json(jsonSchema(IMPORT_BODY, "input")) },
      responses: { 200: answered("What was kept", jsonSchema(INGEST_ANSWER)), ...refused },
    },
  },
  "/api/v1/import/hlog": {
    post: {
      operationId: "importHlog",
      summary: "Take in an HdrHistogram log as history of one endpoint, once",
      parameters: queryParameters("importHlog"),
      security,
      requestBody: { required: true, content: { "text/plain": {} } },
      responses: { 200: answered("What was kept", jsonSchema(INGEST_ANSWER)), ...refused },
    },
  },
};
