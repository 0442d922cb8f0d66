import { hourOfWeek } from "./chance-of-use.ts";
import type { IndexedPlan } from "./plan-index.ts";

/** What clock slots may take of each second of each fill that runs at once. */
const OF_A_SECOND_US = 500_000;
/** However quick fills are. */
const MOST_A_SECOND = 50;
const HOUR_MS = 3_600_000;
/** What is left of an hour's list after this much of the hour is given up. */
const LATEST_MS = 600_000;

/** A user at a definition, whose hour it is. */
export interface Slot {
  definition: string;
  /** As the plan names the user. */
  user: string;
  /** What a fill is expected to cost, in microseconds of work. */
  costUs: number;
}

/** Goes through the users whose habit the plan knows, at the beginning of each of their hours, the most valuable first. */
export class ClockSlots {
  #hour: number | undefined;
  #list: Slot[] = [];
  #next = 0;
  /** Work that slots may take now; below 0, what those before have taken too much. */
  #roomUs = 0;

  /**
   * The users whose turn it is; called every second. They are given half of the work that so many fills at once can do: were it more, the queue
   * would be full for the users who show up meanwhile. A clock that jumps makes no storm.
   */
  take(index: IndexedPlan | null, wallMs: number, atOnce: number): Slot[] {
    if (index === null || wallMs % HOUR_MS > LATEST_MS) {
      this.#list = [];
      return [];
    }
    const hour = Math.floor(wallMs / HOUR_MS);
    if (hour !== this.#hour) {
      this.#hour = hour;
      this.#list = slotsOf(index, hourOfWeek(wallMs));
      this.#next = 0;
    }
    const secondUs = atOnce * OF_A_SECOND_US;
    this.#roomUs = Math.min(secondUs, this.#roomUs + secondUs);
    const from = this.#next;
    const last = Math.min(this.#list.length, from + MOST_A_SECOND);
    while (this.#roomUs > 0 && this.#next < last) this.#roomUs -= this.#list[this.#next++]!.costUs;
    return this.#list.slice(from, this.#next);
  }
}

function slotsOf(index: IndexedPlan, hour: number): Slot[] {
  const slots: Slot[] = [];
  for (const [definition, { users }] of index.definitions)
    for (const { user, hours, costUs } of users.values())
      if (hours?.some(([at]) => at === hour)) slots.push({ definition, user, costUs });
  return slots;
}
