import { z } from "zod";
import { ANSWERS } from "../answer-schemas.ts";
import { QUESTIONS, type QuestionName } from "../question.ts";

export type JsonSchema = Record<string, unknown>;

/** A JSON Schema (2020-12, as OpenAPI 3.1 takes it) of what a schema lets in or gives out. */
export function jsonSchema(schema: z.ZodType, io: "input" | "output" = "output"): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
}

/** `components.schemas`: every answer of the read API under its name. */
export function answerSchemas(): Record<string, JsonSchema> {
  return Object.fromEntries(Object.entries(ANSWERS).map(([name, schema]) => [name, jsonSchema(schema)]));
}

/** The query parameters of a question, as OpenAPI lists them. */
export function queryParameters(name: QuestionName): JsonSchema[] {
  const { properties = {}, required = [] } = jsonSchema(QUESTIONS[name], "input") as {
    properties?: Record<string, JsonSchema>;
    required?: string[];
  };
  return Object.entries(properties).map(([parameter, { description, example, ...schema }]) => ({
    name: parameter,
    in: "query",
    required: required.includes(parameter),
    ...(description === undefined ? {} : { description }),
    ...(example === undefined ? {} : { example }),
    schema,
  }));
}

const histogram = z.string().meta({
  description:
    "Base64 of an HdrHistogram V2 encoding, compressed or not; microseconds, 1 to 3 significant digits (3 are re-bucketed to 2).",
  contentEncoding: "base64",
});

/** Endpoints of a batch, and of a window of history. */
const endpoints = z.array(
  z.object({
    method: z.string(),
    route: z.string().meta({ description: "The route template, never a raw path." }),
    outcomes: z.object({
      ok: histogram.optional(),
      client_error: histogram.optional(),
      server_error: histogram.optional(),
      aborted: histogram.optional(),
    }),
    users: z
      .array(
        z.object({
          id: z.union([z.string(), z.number().int()]),
          latency: histogram,
          hit: histogram.optional(),
          miss: histogram.optional(),
        }),
      )
      .optional(),
  }),
);
const losses = z.record(z.string(), z.number().int().min(0)).optional();

/** What `POST /api/v1/ingest` takes as JSON. It is checked by hand-written code (lib/wire); this is its description. */
export const INGEST_BODY = z.object({
  v: z.literal(1),
  batch: z.uuid().meta({ description: "Counts once: the same id with the same bytes is answered as a duplicate." }),
  service: z.string().max(256),
  environment: z.string().max(256),
  instance: z.string().max(256),
  release: z.string().max(256).optional(),
  window: z.object({ start: z.iso.datetime(), seconds: z.number().int().min(1).max(3600) }),
  endpoints,
  losses,
});

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const place = z.object({ offset: z.number().int().min(0), digest });

/** What `POST /api/v1/import` takes: docs/import.md. */
export const IMPORT_BODY = z.object({
  v: z.literal(1),
  service: z.string().max(256),
  environment: z.string().max(256),
  source: digest.meta({ description: "What tells the source from others: a SHA-256 of its first line." }),
  from: place.nullable().meta({ description: "The end of the chunk before; null for the first." }),
  to: place.meta({ description: "Where it ends, and the SHA-256 of everything up to there." }),
  windows: z.array(
    z.object({
      window: z.object({ start: z.iso.datetime(), seconds: z.number().int().min(1).max(3600) }),
      endpoints,
      losses,
    }),
  ),
});
export const IMPORT_PROGRESS = z.object({
  imported: z.array(place).meta({ description: "The ends of the chunks that are known, first to last." }),
});

export const INGEST_ANSWER = z.object({
  accepted: z.number().int().meta({ description: "Histograms that were kept; 0 for a duplicate." }),
  rejected: z
    .array(z.object({ path: z.string(), reason: z.string() }))
    .meta({ description: "Parts that were not kept, each alone; at most 1,000 are listed." }),
  duplicate: z.boolean().meta({ description: "This batch was known with these bytes, and was not counted again." }),
});

export const HEALTH = z.object({
  status: z.enum(["ok", "not_well"]),
  database: z.enum(["ok", "unreachable"]),
  disk: z.enum(["ok", "full"]).meta({
    description: "`full`: so little room is left beside the embedded database that nothing new is accepted.",
  }),
  jobs: z.array(
    z.object({
      job: z.string(),
      healthy: z.boolean(),
      lagSeconds: z.number().nullable(),
      succeededAt: z.string().nullable(),
    }),
  ),
  waitingBatches: z.number().int().nullable(),
  version: z.string(),
});

export const READY = z.object({
  status: z.enum(["ready", "stopping", "database_unreachable"]),
  version: z.string(),
});

const key = z.object({
  id: z.uuid(),
  hint: z.string(),
  name: z.string(),
  scopes: z.array(z.enum(["ingest", "read", "write"])),
  createdBy: z.string().nullable(),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable(),
  revokedAt: z.iso.datetime().nullable(),
});
export const KEYS = z.object({ keys: z.array(key) });
export const NEW_KEY_BODY = z.object({
  name: z.string().min(1).max(100),
  scopes: z.array(z.enum(["ingest", "read", "write"])).min(1),
});
export const NEW_KEY = key.extend({ key: z.string().meta({ description: "The only copy there will ever be." }) });

const share = z.object({
  id: z.uuid(),
  kind: z.enum(["endpoint", "overview"]),
  endpointId: z.number().int().nullable(),
  service: z.string().meta({ description: "Empty: all." }),
  environment: z.string(),
  rangeFrom: z.string(),
  rangeTo: z.string(),
  users: z.boolean().meta({ description: "Whether ids of users are shown." }),
  embeddedBy: z.array(z.string()).meta({ description: "Origins of sites that may embed it; `*`: every one." }),
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable(),
  revokedAt: z.iso.datetime().nullable(),
});
export const SHARES = z.object({ shares: z.array(share) });
export const NEW_SHARE_BODY = z.object({
  kind: z.enum(["endpoint", "overview"]),
  endpointId: z.number().int().nullable().optional(),
  service: z.string().optional(),
  environment: z.string().optional(),
  from: z.string().optional().meta({ description: "`now-24h` when it is left out." }),
  to: z.string().optional(),
  hours: z.number().int().min(1).max(720).meta({ description: "It expires after so many." }),
  users: z.boolean().optional(),
  embeddedBy: z.array(z.string()).max(10).optional(),
});
export const NEW_SHARE = share.extend({ url: z.url().meta({ description: "The only copy there will ever be." }) });
