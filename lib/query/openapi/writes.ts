import { json, problems } from "./parts.ts";
import type { JsonSchema } from "./schemas.ts";

/** What calls of the API that change something are described with. */
export const security = [{ key: [] }, { session: [] }];
export const idOf = (what: string): JsonSchema => ({
  name: "id",
  in: "path",
  required: true,
  description: `The ${what}'s id.`,
  schema: { type: "string", format: "uuid" },
});
export const answer = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const body = (schema: JsonSchema) => ({ required: true, content: json(schema) });

interface Write {
  id: string;
  summary: string;
  path?: JsonSchema;
  body?: JsonSchema;
  answers: JsonSchema;
  refuses: number[];
}

/** A call that changes something. */
export function write({ id, summary, path, answers, refuses, ...call }: Write): JsonSchema {
  return {
    operationId: id,
    summary,
    ...(path === undefined ? {} : { parameters: [path] }),
    security,
    ...(call.body === undefined ? {} : { requestBody: body(call.body) }),
    responses: { ...answers, ...problems(401, 403, ...refuses, 503) },
  };
}

export const gone: JsonSchema = { 204: { description: "It is gone" } };
