export { addUsed, type UsedCounts } from "./add-used.ts";
export { bytesOf } from "./base64.ts";
export { ByteWriter } from "./byte-writer.ts";
export { addCells } from "./cells.ts";
export { checkPayload, LONGEST_PAYLOAD } from "./check.ts";
export { maxOf, minOf, timeBeyondUs, totalOf } from "./counts.ts";
export { DECODE_REASONS, DecodeError, type DecodeReason } from "./decode-error.ts";
export {
  type Counts,
  COUNTS_LENGTH,
  HIGHEST_COUNT,
  HIGHEST_INDEX,
  HIGHEST_US,
  highestAt,
  indexOf,
  lowestAt,
  middleAt,
  newCounts,
  SIGNIFICANT_DIGITS,
  widthAt,
} from "./layout.ts";
export { addPayload, countAbove, countOf, encodePayload, type Payload } from "./payload.ts";
export { isAbove, isThin, percentile, percentileFromTop, percentiles } from "./percentile.ts";
export type { Rebucketed } from "./rebucket.ts";
export { addSplit, type Split } from "./split.ts";
export { SeriesStore } from "./series-store.ts";
export { type PayloadRange, sumPayloads } from "./sum.ts";
export { tightened } from "./tighten.ts";
export { addTimeIn, type TimeIn } from "./time-in.ts";
export { type InflateBudget, decodeHistogram, decodeV2, encodeV2, encodeV2Compressed } from "./v2.ts";
