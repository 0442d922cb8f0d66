import type { IncomingMessage, ServerResponse } from "node:http";
import { TailfillError } from "../errors.ts";
import { writeProblem } from "./write-problem.ts";

/** What the page framework knows; of TRACE it makes a failure of its own, and of others a bare 400. */
const KNOWN = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** Answers a method that no address of this server has with 501. */
export function refuseUnknownMethod(request: IncomingMessage, response: ServerResponse): boolean {
  const method = request.method ?? "GET";
  if (KNOWN.has(method)) return false;
  writeProblem(response, new TailfillError("method_unknown", `This server has no method ${method}.`));
  return true;
}
