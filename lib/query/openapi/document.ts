import { TABLE_NAMES } from "../tables/names.ts";
import { VERSION } from "../../version.ts";
import { answered, json, problems, read, type Read } from "./parts.ts";
import { ALERT_CALLS } from "./alert-calls.ts";
import { HISTORY_CALLS } from "./history-calls.ts";
import { INSIGHT_CALLS } from "./insight-calls.ts";
import { PREFILL_CALLS } from "./prefill-calls.ts";
import {
  answerSchemas,
  HEALTH,
  READY,
  INGEST_ANSWER,
  INGEST_BODY,
  jsonSchema,
  type JsonSchema,
  KEYS,
  NEW_KEY,
  NEW_KEY_BODY,
  NEW_SHARE,
  NEW_SHARE_BODY,
  queryParameters,
  SHARES,
} from "./schemas.ts";

const endpointId = {
  name: "id",
  in: "path",
  required: true,
  description: "The endpoint's `id`, as `/api/v1/endpoints` lists it.",
  schema: { type: "integer", minimum: 1 },
};
const userId = {
  name: "user",
  in: "path",
  required: true,
  description:
    "The app's own user id, URL-encoded. Any text but `.` and `..`, which paths cannot hold: see `/api/v1/user`.",
  schema: { type: "string" },
};

const READS: Record<string, Read> = {
  "/api/v1/services": {
    id: "listServices",
    summary: "Services and their environments",
    question: "none",
    answer: "Services",
  },
  "/api/v1/endpoints": {
    id: "listEndpoints",
    summary: "Endpoints, worst first",
    question: "endpoints",
    answer: "Endpoints",
  },
  "/api/v1/endpoints/{id}/series": {
    id: "getSeries",
    summary: "An endpoint's percentiles over time",
    question: "series",
    answer: "Series",
    path: endpointId,
  },
  "/api/v1/endpoints/{id}/histogram": {
    id: "getHistogram",
    summary: "All requests of a range as one HdrHistogram",
    question: "histogram",
    answer: "Histogram",
    path: endpointId,
  },
  "/api/v1/endpoints/{id}/database": {
    id: "getDatabase",
    summary: "Where an endpoint's time goes: its databases against the rest, and its slowest statements",
    question: "database",
    answer: "Database",
    path: endpointId,
  },
  "/api/v1/endpoints/{id}/users": {
    id: "listTailUsers",
    summary: "Who is in the endpoint's tail, most first",
    question: "tailUsers",
    answer: "TailUsers",
    path: endpointId,
  },
  "/api/v1/users": {
    id: "findUsers",
    summary: "Users whose id begins with a text",
    question: "userSearch",
    answer: "UserSearch",
  },
  "/api/v1/users/{user}": {
    id: "getUser",
    summary: "A user's endpoints, against everybody else",
    question: "user",
    answer: "User",
    path: userId,
  },
  "/api/v1/user": {
    id: "getUserById",
    summary: "The same for any id, also one that no path can hold",
    question: "userById",
    answer: "User",
  },
};

const INGEST = {
  operationId: "ingest",
  summary: "Take in one batch",
  description: "Answers 200 only after the batch is committed. The SDK sends a denser form: docs/ingest.md.",
  security: [{ key: [] }],
  requestBody: { required: true, content: json(jsonSchema(INGEST_BODY, "input")) },
  responses: {
    200: answered("What was kept", jsonSchema(INGEST_ANSWER)),
    ...problems(400, 401, 403, 408, 409, 413, 415, 422, 429, 503, 507),
  },
};

/** `google.rpc.Status`. */
const RPC_STATUS = {
  type: "object",
  properties: { code: { type: "integer" }, message: { type: "string" } },
};
const OTLP = {
  summary: "Take in an export of OTLP/HTTP",
  description:
    "Protobuf or JSON of opentelemetry-proto 1.x: docs/otlp.md. Answers 200 only after it is committed; errors are a google.rpc.Status.",
  security: [{ key: [] }],
  requestBody: {
    required: true,
    content: { "application/x-protobuf": {}, ...json({ type: "object" }) },
  },
  responses: {
    200: answered("Kept; `partialSuccess` tells what of it is not", { type: "object" }),
    429: answered("Send it again after `Retry-After` seconds", RPC_STATUS),
    503: answered("Send it again after `Retry-After` seconds", RPC_STATUS),
    "4XX": answered("Refused for good", RPC_STATUS),
    507: answered("The disk is nearly full", RPC_STATUS),
  },
};

const health = jsonSchema(HEALTH);
const HEALTH_CALL = {
  operationId: "health",
  summary: "Whether database and jobs are well",
  security: [],
  responses: { 200: answered("Well", health), 503: answered("Not well", health) },
};

const ready = jsonSchema(READY);
const READY_CALL = {
  operationId: "ready",
  summary: "Whether this process can take requests: for load balancers",
  security: [],
  responses: { 200: answered("Ready", ready), 503: answered("Not ready", ready) },
};

const session = [{ session: [] }];
const KEY_CALLS = {
  "/api/v1/keys": {
    get: {
      operationId: "listKeys",
      summary: "API keys (people only)",
      security: session,
      responses: { 200: answered("Live keys first", jsonSchema(KEYS)), ...problems(401, 503) },
    },
    post: {
      operationId: "createKey",
      summary: "Make an API key (people only)",
      security: session,
      requestBody: { required: true, content: json(jsonSchema(NEW_KEY_BODY, "input")) },
      responses: { 201: answered("The key, shown once", jsonSchema(NEW_KEY)), ...problems(400, 401, 403, 503) },
    },
  },
  "/api/v1/keys/{id}": {
    delete: {
      operationId: "revokeKey",
      summary: "Revoke an API key (people only)",
      security: session,
      parameters: [{ name: "id", in: "path", required: true, schema: { type: "string", format: "uuid" } }],
      responses: { 204: { description: "Dead within 5 s" }, ...problems(401, 403, 404, 503) },
    },
  },
};

const SHARE_CALLS = {
  "/api/v1/shares": {
    get: {
      operationId: "listShares",
      summary: "Links to one chart or table (people only)",
      security: session,
      responses: { 200: answered("Those that work first", jsonSchema(SHARES)), ...problems(401, 503) },
    },
    post: {
      operationId: "createShare",
      summary: "Make a link that expires (people only)",
      security: session,
      requestBody: { required: true, content: json(jsonSchema(NEW_SHARE_BODY, "input")) },
      responses: { 201: answered("The link, shown once", jsonSchema(NEW_SHARE)), ...problems(400, 401, 403, 404, 503) },
    },
  },
  "/api/v1/shares/{id}": {
    delete: {
      operationId: "revokeShare",
      summary: "Revoke a link (people only)",
      security: session,
      parameters: [{ name: "id", in: "path", required: true, schema: { type: "string", format: "uuid" } }],
      responses: { 204: { description: "It is over" }, ...problems(401, 403, 404, 503) },
    },
  },
};

const METRICS_CALL = {
  operationId: "metrics",
  summary: "Metrics for Prometheus",
  description: "docs/prometheus.md lists them. OpenMetrics 1.0 when `Accept` likes that at least as well.",
  parameters: queryParameters("metrics"),
  security: [{ key: [] }, { session: [] }],
  responses: {
    200: {
      description: "Everything as of one moment",
      content: { "text/plain": {}, "application/openmetrics-text": {} },
    },
    ...problems(400, 401, 403, 503),
  },
};

const TABLE_CALL = {
  operationId: "getTable",
  summary: "A table of a page as a file, every row of it",
  description:
    "With the parameters of the page's question, and what docs/api.md says of filters. An end at `.csv` or `.json`.",
  parameters: [
    {
      name: "file",
      in: "path",
      required: true,
      schema: { type: "string", enum: TABLE_NAMES.flatMap((name) => [`${name}.csv`, `${name}.json`]) },
    },
  ],
  security: [{ key: [] }, { session: [] }],
  responses: {
    200: { description: "The table", content: { "text/csv": {}, "application/json": {} } },
    ...problems(400, 401, 403, 404, 503),
  },
};

const HLOG_CALL = {
  operationId: "getHistogramLog",
  summary: "An endpoint's latency over time as an HdrHistogram log",
  description: "Version 1.3: an interval for each step and outcome, told by its tag.",
  parameters: [endpointId, ...queryParameters("histogramLog")],
  security: [{ key: [] }, { session: [] }],
  responses: {
    200: { description: "The log", content: { "text/plain": {} } },
    ...problems(400, 401, 403, 404, 503),
  },
};

const DESCRIPTION_CALL = {
  operationId: "openapi",
  summary: "This description",
  security: [{ key: [] }, { session: [] }],
  responses: { 200: answered("OpenAPI 3.1", { type: "object" }), ...problems(401, 403) },
};

/** The API as OpenAPI 3.1. Parameters and answers come from the schemas that check them. */
export function openApiDocument(): JsonSchema {
  const reads = Object.entries(READS).map(([path, call]) => [path, { get: read(call) }] as const);
  return {
    openapi: "3.1.0",
    info: { title: "tailfill", version: VERSION, license: { name: "MIT", identifier: "MIT" } },
    servers: [{ url: "/" }],
    paths: {
      "/api/health": { get: HEALTH_CALL },
      "/api/ready": { get: READY_CALL },
      "/api/v1/ingest": { post: INGEST },
      "/api/v1/endpoints/{id}/histogram.hlog": { get: HLOG_CALL },
      "/api/v1/tables/{file}": { get: TABLE_CALL },
      "/metrics": { get: METRICS_CALL },
      "/v1/traces": { post: { operationId: "otlpTraces", ...OTLP } },
      "/v1/metrics": { post: { operationId: "otlpMetrics", ...OTLP } },
      ...Object.fromEntries(reads),
      ...PREFILL_CALLS,
      ...INSIGHT_CALLS,
      ...ALERT_CALLS,
      ...HISTORY_CALLS,
      ...KEY_CALLS,
      ...SHARE_CALLS,
      "/api/v1/openapi.json": { get: DESCRIPTION_CALL },
    },
    components: {
      schemas: answerSchemas(),
      securitySchemes: {
        key: { type: "http", scheme: "bearer", description: "An API key, `tf_…`, with the scope the call needs." },
        session: { type: "apiKey", in: "cookie", name: "tailfill.session_token" },
      },
    },
  };
}
