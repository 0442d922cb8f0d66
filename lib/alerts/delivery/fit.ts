import type { EventPayload } from "../payload.ts";

/** Standard Webhooks asks for bodies below 20 kB. */
export const MOST_BYTES = 20_000;
const NOTE_LENGTH = 1_000;

type Data = EventPayload["data"];

/**
 * An event that was told, or the test of a receiver: the same shape, and a type of its own. Events that were written before there was
 * `stopped` have none.
 */
export type Told = Omit<EventPayload, "type" | "data"> & {
  type: EventPayload["type"] | "test";
  data: Omit<Data, "stopped"> & Partial<Pick<Data, "stopped">>;
};

/** Cuts what people miss least until the body is below 20 kB: members, endpoints, users, stopped queries, and at last the end of a long note. Pure. */
export function fitted(told: Told): Told {
  let now = told;
  for (const field of ["members", "endpoints", "users"] as const)
    while (isTooLong(now) && now.data[field].length > 0) now = withData(now, { [field]: now.data[field].slice(0, -1) });
  for (let stopped = now.data.stopped; isTooLong(now) && stopped && stopped.queries.length > 0;) {
    stopped = { ...stopped, queries: stopped.queries.slice(0, -1) };
    now = withData(now, { stopped });
  }
  return isTooLong(now) ? withData(now, { note: now.data.note?.slice(0, NOTE_LENGTH) ?? null }) : now;
}

const isTooLong = (told: Told): boolean => Buffer.byteLength(JSON.stringify(told)) >= MOST_BYTES;
const withData = (told: Told, data: Partial<Told["data"]>): Told => ({ ...told, data: { ...told.data, ...data } });
