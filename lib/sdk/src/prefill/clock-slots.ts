import { hourOfWeek } from "./chance-of-use.ts";
import type { IndexedPlan } from "./plan-index.ts";

const HOUR_MS = 3_600_000;
/** Slots are worked off at so many users a second. */
const A_SECOND = 50;
/** What is left of an hour's list after this much of the hour is given up. */
const LATEST_MS = 600_000;

/** A user at a definition, whose hour it is. */
export interface Slot {
  definition: string;
  /** As the plan names the user. */
  user: string;
}

/** Goes through the users whose habit the plan knows, at the beginning of each of their hours, the most valuable first. */
export class ClockSlots {
  #hour: number | undefined;
  #list: Slot[] = [];
  #next = 0;

  /** The users whose turn it is; called every second. Never more than a few: a clock that jumps makes no storm. */
  take(index: IndexedPlan | null, wallMs: number): Slot[] {
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
    const slots = this.#list.slice(this.#next, this.#next + A_SECOND);
    this.#next += slots.length;
    return slots;
  }
}

function slotsOf(index: IndexedPlan, hour: number): Slot[] {
  const slots: Slot[] = [];
  for (const [definition, { users }] of index.definitions)
    for (const { user, hours } of users.values())
      if (hours?.some(([at]) => at === hour)) slots.push({ definition, user });
  return slots;
}
