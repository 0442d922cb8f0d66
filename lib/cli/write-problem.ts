import type { ServerResponse } from "node:http";
import { type TailfillError, toProblem } from "../errors.ts";

/** Answers a request that never reaches the page framework. */
export function writeProblem(response: ServerResponse, error: TailfillError): void {
  response.setHeader("Content-Type", "application/problem+json");
  response.setHeader("Cache-Control", "no-store");
  response.writeHead(error.status).end(JSON.stringify(toProblem(error)));
}
