import { highOf, lowOf, userKey } from "../store/user-key.ts";
import type { UserLabel } from "../store/user-labels.ts";

/** A user of a service, as folding needs it. */
export interface KnownUser {
  readonly high: number;
  readonly low: number;
  readonly key: bigint;
  /** The last day (number of days since 1970) whose label has been saved; −1 before the first. */
  savedDay: number;
}

const DAY_MS = 86_400_000;
/** Users remembered in each of two generations: about 30 MB. */
const GENERATION = 100_000;

/**
 * Remembers users of late, so that hashing an id and saving its label is done once a day and not once a batch. Bounded: when
 * a generation is full, the one before it is forgotten, and a user who comes back is hashed and saved again.
 */
export class KnownUsers {
  private young = new Map<number, Map<string, KnownUser>>();
  private old = new Map<number, Map<string, KnownUser>>();
  private size = 0;
  private unsaved = new Map<KnownUser, UserLabel>();

  constructor(private readonly generation = GENERATION) {}

  /** The user with this id, seen in a window that starts at `atMs`. */
  find(service: { id: number; name: string }, id: string, atMs: number): KnownUser {
    const user = this.young.get(service.id)?.get(id) ?? this.remember(service, id);
    const day = Math.floor(atMs / DAY_MS);
    if (day > user.savedDay) this.note(user, { serviceId: service.id, key: user.key, label: id, seenMs: atMs });
    return user;
  }

  /** The labels that have to be saved, each user once. Call `saved` when they are. */
  labels(): UserLabel[] {
    return [...this.unsaved.values()];
  }

  /** Says that `labels` were saved. Without it, they are offered again. */
  saved(): void {
    for (const [user, { seenMs }] of this.unsaved) user.savedDay = Math.floor(seenMs / DAY_MS);
    this.unsaved.clear();
  }

  private note(user: KnownUser, label: UserLabel): void {
    const noted = this.unsaved.get(user);
    if (noted === undefined || noted.seenMs < label.seenMs) this.unsaved.set(user, label);
  }

  private remember(service: { id: number; name: string }, id: string): KnownUser {
    const user = this.old.get(service.id)?.get(id) ?? newUser(service.name, id);
    if (++this.size > this.generation) {
      this.old = this.young;
      this.young = new Map();
      this.size = 1;
    }
    const users = this.young.get(service.id) ?? new Map<string, KnownUser>();
    this.young.set(service.id, users.set(id, user));
    return user;
  }
}

function newUser(service: string, id: string): KnownUser {
  const key = userKey(service, id);
  return { key, high: highOf(key), low: lowOf(key), savedDay: -1 };
}
