/** Why bytes are not a histogram. The list is closed: every refusal of the decoders is one of these. */
export const DECODE_REASONS = {
  truncated: "the bytes end inside the header or inside a number",
  cookie: "not an HdrHistogram V2 encoding",
  length: "a length that does not fit the bytes that are there",
  digits: "significant digits other than 1, 2 or 3",
  range: "lowest or highest trackable value out of range",
  ratio: "an integer-to-double ratio that is not a usable number",
  compression: "compressed contents that do not inflate within the limit",
  index: "more buckets than the layout has",
  count: "counts that add up to more than 2^53 - 1",
  canonical: "a payload that is not in its shortest form",
  base64: "not base64 text",
} as const;

export type DecodeReason = keyof typeof DECODE_REASONS;

/** What every decoder of untrusted histogram bytes throws, and the only thing it throws. */
export class DecodeError extends Error {
  readonly reason: DecodeReason;

  constructor(reason: DecodeReason) {
    super(DECODE_REASONS[reason]);
    this.name = "DecodeError";
    this.reason = reason;
  }
}
