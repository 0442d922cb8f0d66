import type { IncomingMessage, ServerResponse } from "node:http";
import { handle } from "../auth/handle.ts";
import { planResponse } from "../prefill/plan-answer.ts";
import { planBoard } from "../prefill/plan-board.ts";
import { parseQuestion } from "../query/index.ts";
import { keyFor, send } from "./door.ts";

const PATH = "/api/v1/prefill/plan";
const HEADERS = ["if-none-match", "accept-encoding"];

/**
 * Answers apps that ask for their plan without the page framework: each instance asks every second while it fills, mostly to be
 * told that nothing changed. What it answers is what `app/api/v1/prefill/plan/route.ts` answers; requests without a key are left to
 * that.
 * @returns whether the request was taken
 */
export async function answerPlan(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  if (request.method !== "GET" || !request.url?.startsWith(`${PATH}?`)) return false;
  if ((await keyFor(request, "ingest", "read")) === null) return false;
  const headers = new Headers();
  for (const name of HEADERS) {
    const value = request.headers[name];
    if (typeof value === "string") headers.set(name, value);
  }
  await send(await answer(new Request(`http://tailfill${request.url}`, { headers }), undefined), response);
  return true;
}

const answer = handle(async (request) => {
  const { service, environment, instance } = parseQuestion("prefillPlan", new URL(request.url).searchParams);
  return planResponse(await planBoard().answer(service, environment, instance), request.headers);
});
