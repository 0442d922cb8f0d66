import { workUnderWay, type Work } from "../context.ts";

/** What a request, or a job, is for trials. */
export interface TriedRequest {
  readonly work: Work;
  /** 32 random bits. */
  readonly number: number;
  /** The trials that have their sample of it: more calls of the same request would not be independent. */
  readonly counted: Set<string>;
}

const tried = new WeakMap<Work, TriedRequest>();

/** The request under way; undefined outside of one, or when it is over. */
export function triedRequest(random: () => number): TriedRequest | undefined {
  let work = workUnderWay();
  while (work?.holdsRequests === true) work = work.around;
  if (work?.open !== true) return undefined;
  const known = tried.get(work);
  if (known !== undefined) return known;
  const made: TriedRequest = { work, number: Math.floor(random() * 0x1_0000_0000), counted: new Set() };
  tried.set(work, made);
  return made;
}
