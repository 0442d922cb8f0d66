import type { IncomingMessage, ServerResponse } from "node:http";
import { TailfillError } from "../errors.ts";
import { writeProblem } from "./write-problem.ts";

/** Whether the path of a request can be decoded (`%ff` and `%` cannot). */
export function isDecodable(url: string): boolean {
  try {
    decodeURIComponent(url.split("?", 1)[0]!);
    return true;
  } catch {
    return false;
  }
}

/** Answers an address that cannot be decoded with 400: the page framework would fail on it and tell nothing. */
export function refuseMalformed(request: IncomingMessage, response: ServerResponse): boolean {
  if (isDecodable(request.url ?? "/")) return false;
  writeProblem(
    response,
    new TailfillError("bad_request", "The address has a percent sign that encodes no UTF-8 text."),
  );
  return true;
}
