import type { Coarse } from "@/lib/query/answers";
import { coarseWords } from "./coarse-words";

/** Says how far off the percentiles below may be, where their source is coarser than ours; nothing where it is not. */
export function CoarseNote({ coarse }: { coarse: Coarse | undefined }) {
  return coarse === undefined ? null : <p className="mb-4 text-muted">{coarseWords(coarse)}</p>;
}
