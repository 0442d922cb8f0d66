/** Why a sample could not be kept, or not under its own name; one sentence each, as it is shown to people. */
export const LOSS_TEXT = {
  user_cap: "The app had more users at once than are told apart; the request is counted under (other users).",
  endpoint_cap: "The app had more endpoints than are told apart; the request is counted under (other).",
  over_range: "The request took longer than an hour; it is counted as one hour.",
  invalid: "The latency was not a number of microseconds, or the endpoint had no name; the request is not counted.",
  buffer_full: "The server could not be reached for so long that the SDK's memory was full; the oldest went first.",
  send_failed: "The app ended, or its sender was stopped, before the batch arrived.",
  refused: "The server refused the batch for good.",
  window_refused: "The server refused the batch because of its time: a clock is wrong, or it came too late.",
  rejected:
    "The server kept the batch but not this part of it; the request is missing at its endpoint, its user or its cache result.",
  unreadable: "An entry of a batch that the server could not read; how many requests it held is not known.",
  wide_window: "The window it was sent in was longer than a minute; the request is counted at the window's start.",
  internal: "The SDK failed while it made the batch.",
  server_endpoint_cap:
    "The service has more endpoints than the server keeps apart; the request is counted under (other).",
  server_definition_cap:
    "The service has more cached definitions than the server keeps apart; what belongs to the rest is counted under (other).",
  server_statement_cap:
    "The service has more statements than the server keeps apart; what belongs to the rest is counted under (other).",
  unknown: "The sender named a reason that this server does not know.",
} as const;

export type LossReason = keyof typeof LOSS_TEXT;
export const LOSS_REASONS = Object.keys(LOSS_TEXT) as readonly LossReason[];

/** What the count of a reason counts: requests, except where nobody knows how many were lost, and where statements were. */
export type LossUnit = "requests" | "entries" | "statements";

export function lossUnitOf(reason: string): LossUnit {
  if (reason === "server_statement_cap") return "statements";
  return reason === "unreadable" ? "entries" : "requests";
}

/** The reason a sender named, or `unknown`: a sample is never dropped from the losses because its reason is strange. */
export function lossReasonOf(name: string): LossReason {
  return Object.hasOwn(LOSS_TEXT, name) ? (name as LossReason) : "unknown";
}
