/** A clock that was set back further than this is believed: otherwise nothing would happen until it is where it was. */
export const SET_BACK_MS = 60_000;

/** A stretch in which tailfill was away, Unix ms. */
export interface Blind {
  fromMs: number;
  toMs: number;
}

/** Apps send what they kept meanwhile within this after tailfill is back; until then, what is missing may only be late. */
export const CATCHING_UP_MS = 120_000;

/** Whether tailfill was away in a stretch, or has been back for too short a time. */
export function wasBlind(blind: readonly Blind[], { fromMs, toMs }: Blind): boolean {
  return blind.some((one) => one.fromMs < toMs && one.toMs + CATCHING_UP_MS > fromMs);
}
