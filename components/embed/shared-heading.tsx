"use client";
import { formatMoment } from "@/components/format/time";
import { useZone } from "@/components/shell/clock";
import { Foreign } from "@/components/ui/foreign";

/** Whose figures these are, and of when. */
export function SharedHeading({
  title,
  place,
  range,
}: {
  title: string;
  place: string;
  range: { from: string; to: string };
}) {
  const zone = useZone();
  return (
    <header className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
      <h1 className="text-base font-semibold break-all">
        <Foreign text={title} />
      </h1>
      <span className="text-table text-muted">
        <Foreign text={place} />
        {", "}
        {formatMoment(Date.parse(range.from), zone)} to {formatMoment(Date.parse(range.to), zone)}
      </span>
    </header>
  );
}
