/** Seconds that a slot of the ledger covers, and the slots that any hour can touch. */
const SLOT_MS = 30_000;
const SLOTS = 121;
const HOUR_MS = 3_600_000;

/**
 * What the bucket holds at most: twenty minutes' worth. What was not spent before is hardly saved up; but users come by chance, and with a
 * small budget a bucket that holds no more than a fill or two turns away every second one of those who come soon after each other.
 */
const BURST_MS = 1_200_000;

/** A fill may take this many times what was expected, as far as the hour's limit is concerned. */
const HEADROOM = 2.2;

/** A fill's place in the budget, to be settled once, when its actual cost is known. */
export interface Reservation {
  readonly costUs: number;
  readonly slot: number;
  settled: boolean;
}

/**
 * The seconds of fills that this process may spend: a token bucket with a small burst, and a ledger of the last hour that
 * caps what slips through. Times are of a monotonic clock, in milliseconds; one that stands, jumps or runs backwards gives no
 * more than the burst. The rate may change at any time: no hour gets more than its rates add up to, nor more than the rate in force.
 */
export class Budget {
  private perHourUs: number;
  private tokensUs: number;
  private atMs: number;
  private underWayUs = 0;
  /** By slot of the last hour: work done, the rate that was in force, and the number of the slot that each place holds. */
  private readonly spentUs = new Float64Array(SLOTS);
  private readonly ratesUs = new Float64Array(SLOTS);
  private readonly slots = new Float64Array(SLOTS).fill(Number.NEGATIVE_INFINITY);

  constructor(secondsPerHour: number, nowMs: number) {
    this.perHourUs = usable(secondsPerHour) * 1e6;
    this.tokensUs = this.burstUs;
    this.atMs = nowMs;
  }

  /** Changes the budget; what was spent stays spent. Anything but a positive number is 0: nothing may be spent. */
  setRate(secondsPerHour: number, nowMs: number): void {
    this.refill(nowMs);
    this.perHourUs = usable(secondsPerHour) * 1e6;
    this.tokensUs = Math.min(this.tokensUs, this.burstUs);
  }

  /** Whether a fill of this expected cost, in microseconds, may start now. */
  affords(costUs: number, nowMs: number): boolean {
    this.refill(nowMs);
    // A fill dearer than the burst waits for a full bucket and leaves it in debt.
    if (this.perHourUs === 0 || this.tokensUs < Math.min(costUs, this.burstUs)) return false;
    const { spentUs, limitUs } = this.lastHour();
    return spentUs + (this.underWayUs + costUs) * HEADROOM <= Math.min(limitUs, this.perHourUs);
  }

  /** Takes a fill's expected cost out, or returns null when it is not affordable. */
  reserve(costUs: number, nowMs: number): Reservation | null {
    if (!this.affords(costUs, nowMs)) return null;
    this.tokensUs -= costUs;
    this.underWayUs += costUs;
    return { costUs, slot: Math.floor(this.atMs / SLOT_MS), settled: false };
  }

  /** Puts a fill's actual cost in the place of the expected one; 0 when it did not run. */
  settle(reservation: Reservation, actualUs: number): void {
    if (reservation.settled) return;
    reservation.settled = true;
    this.underWayUs = Math.max(0, this.underWayUs - reservation.costUs);
    this.tokensUs = Math.min(this.burstUs, this.tokensUs + reservation.costUs - actualUs);
    const place = this.placeOf(reservation.slot);
    if (place !== null) this.spentUs[place]! += actualUs;
  }

  /** Work spent in the last hour, in seconds, without what is under way. */
  spentSeconds(nowMs: number): number {
    this.refill(nowMs);
    return this.lastHour().spentUs / 1e6;
  }

  /** How full the bucket is: 1 is full, 0 empty, below 0 in debt. */
  level(nowMs: number): number {
    this.refill(nowMs);
    return this.perHourUs === 0 ? 0 : this.tokensUs / this.burstUs;
  }

  private get burstUs(): number {
    return (this.perHourUs * BURST_MS) / HOUR_MS;
  }

  private refill(nowMs: number): void {
    if (!(nowMs > this.atMs)) return;
    this.tokensUs = Math.min(this.burstUs, this.tokensUs + ((nowMs - this.atMs) / HOUR_MS) * this.perHourUs);
    const last = Math.floor(nowMs / SLOT_MS);
    for (let slot = Math.max(Math.floor(this.atMs / SLOT_MS), last - SLOTS + 1); slot <= last; slot++)
      this.ratesUs[this.placeOf(slot)!] = this.perHourUs;
    this.atMs = nowMs;
  }

  /** Where a slot is kept; null when the place holds a later one. */
  private placeOf(slot: number): number | null {
    const place = ((slot % SLOTS) + SLOTS) % SLOTS;
    if (this.slots[place]! > slot) return null;
    if (this.slots[place]! < slot) {
      this.slots[place] = slot;
      this.spentUs[place] = 0;
      this.ratesUs[place] = this.perHourUs;
    }
    return place;
  }

  /** What was spent in the last hour, and what might have been. Before the start the rate counts as what it is now. */
  private lastHour(): { spentUs: number; limitUs: number } {
    const oldest = Math.floor(this.atMs / SLOT_MS) - SLOTS;
    let spentUs = 0;
    let rates = 0;
    for (let place = 0; place < SLOTS; place++) {
      const isKnown = this.slots[place]! > oldest;
      if (isKnown) spentUs += this.spentUs[place]!;
      rates += isKnown ? this.ratesUs[place]! : this.perHourUs;
    }
    return { spentUs, limitUs: rates / SLOTS };
  }
}

function usable(secondsPerHour: number): number {
  return secondsPerHour > 0 && secondsPerHour < Number.POSITIVE_INFINITY ? secondsPerHour : 0;
}
