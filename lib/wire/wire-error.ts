/** Why something is no batch at all. The list is closed. */
export const WIRE_REASONS = {
  not_a_batch: "the body is not a tailfill batch",
  version: "the batch is of a version that this server does not know",
  truncated: "the batch ends too early, or a length in it is wrong",
  batch_id: "batch is not a UUID",
  name: "service, environment or instance is missing, or not text",
  window: "window.start is not a time, or window.seconds is not a whole number from 1 to 3600",
  endpoints: "endpoints is not a list, or longer than 2,000",
  users: "more than 20,000 user series in one batch",
  losses: "losses is not a map of reasons to whole numbers",
} as const;

export type WireReason = keyof typeof WIRE_REASONS;

/** What decoding an untrusted batch throws, and the only thing it throws, when nothing of the batch can be kept. */
export class WireError extends Error {
  readonly reason: WireReason;

  /** `message`: what exactly is wrong, where it is known: the path and the value. */
  constructor(reason: WireReason, message: string = WIRE_REASONS[reason]) {
    super(message);
    this.name = "WireError";
    this.reason = reason;
  }
}

/** Longer values are cut in what is told of them. */
const LONGEST_TOLD = 60;

/** The error for a member that is missing, or not what it must be: "window.seconds must be …, not 1.5". */
export function badMember(reason: WireReason, path: string, must: string, value: unknown): WireError {
  if (value === undefined) return new WireError(reason, `${path} is missing`);
  return new WireError(reason, `${path} must be ${must}, not ${told(value)}`);
}

function told(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  const text = JSON.stringify(value) ?? String(value);
  return text.length > LONGEST_TOLD ? `${text.slice(0, LONGEST_TOLD)}…` : text;
}
