import { Moment } from "@/components/account/moment";

/** A moment of an answer, in the reader's clock. */
export function IsoMoment({ at, none }: { at: string | null; none?: string }) {
  return <Moment at={at === null ? null : new Date(at)} {...(none === undefined ? {} : { none })} />;
}
