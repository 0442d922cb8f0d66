import { zoneOffsetMs, type Zone } from "@/components/format/time";

/** What a `datetime-local` field shows for a moment in a zone: 2026-11-22T09:41. */
export function toWallClock(atMs: number, zone: Zone): string {
  return new Date(atMs + zoneOffsetMs(atMs, zone)).toISOString().slice(0, 16);
}

/** The moment that a `datetime-local` field means in a zone; `null` while it is not filled in. */
export function fromWallClock(text: string, zone: Zone): number | null {
  const wall = Date.parse(`${text}Z`);
  if (Number.isNaN(wall)) return null;
  const guess = wall - zoneOffsetMs(wall, zone);
  return wall - zoneOffsetMs(guess, zone);
}
