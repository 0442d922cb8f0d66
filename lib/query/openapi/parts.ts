import type { ANSWERS } from "../answer-schemas.ts";
import type { QuestionName } from "../question.ts";
import { type JsonSchema, queryParameters } from "./schemas.ts";

type AnswerName = keyof typeof ANSWERS;

export const json = (schema: JsonSchema) => ({ "application/json": { schema } });
export const answered = (description: string, schema: JsonSchema) => ({ description, content: json(schema) });
const problem = (description: string) => ({
  description,
  content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
});

const REFUSED: Record<number, string> = {
  400: "A parameter or the body is bad; `detail` names it.",
  401: "No valid credentials.",
  403: "The credentials lack the scope.",
  404: "There is no such thing.",
  408: "The body did not arrive in time.",
  409: "What is sent, or its name, is known with other contents.",
  413: "Over 1 MiB on the wire or 8 MiB inflated.",
  415: "Neither identity nor gzip, or another content type.",
  422: "The window is over 10 minutes ahead or over 48 hours old.",
  429: "Too many requests; `Retry-After` says when to come back.",
  503: "The database does not answer, or there is too much to do; see `Retry-After`.",
  507: "The disk is nearly full.",
};
export const problems = (...statuses: number[]) =>
  Object.fromEntries(statuses.map((status) => [status, problem(REFUSED[status]!)]));

export interface Read {
  id: string;
  summary: string;
  question: QuestionName;
  answer: AnswerName;
  path?: JsonSchema;
  /** What it may refuse with besides what every call of the read API may. */
  also?: number[];
}

/** A call of the read API. */
export function read({ id, summary, question, answer, path, also = [] }: Read): JsonSchema {
  return {
    operationId: id,
    summary,
    parameters: [...(path === undefined ? [] : [path]), ...queryParameters(question)],
    security: [{ key: [] }, { session: [] }],
    responses: {
      200: answered(summary, { $ref: `#/components/schemas/${answer}` }),
      ...problems(400, 401, 403, ...(path === undefined ? [] : [404]), ...also, 503),
    },
  };
}
