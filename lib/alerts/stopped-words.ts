import type { StoppedQuery } from "../query/stopped-queries.ts";
import { cut } from "./cut.ts";

const ACTIONS: Record<StoppedQuery["action"], string> = {
  cancel: "cancelled",
  terminate: "connection closed",
  would_cancel: "a dry run would have cancelled it",
};

/** Longest text of a statement in a sentence, and of the endpoint that it came from. */
const TEXT_LENGTH = 100;

/** Which statement it was and what became of it, in words. */
export function stoppedWords(
  stopped: Pick<StoppedQuery, "action" | "ageMs" | "endpoint" | "statementId" | "statement">,
) {
  const { action, ageMs, endpoint, statementId, statement } = stopped;
  const text =
    statement ?? (statementId === null ? "a statement that the guard did not see" : `statement ${statementId}`);
  const after = ageMs === null ? "" : ` after ${Math.round(ageMs / 100) / 10} s`;
  return `${short(endpoint ?? "no endpoint")}: ${short(text)} (${ACTIONS[action]}${after})`;
}

const short = (text: string): string => cut(text.replace(/\s+/g, " "), TEXT_LENGTH);
