import type { Outcome } from "../../../wire/index.ts";
import type { UserId } from "../client-type.ts";
import type { Clock } from "../clock.ts";
import type { Foreground } from "./foreground.ts";
import type { Sessions } from "./sessions.ts";

/** The first request of a session, or what the app names no other way. */
export const SESSION = "session";

/** Signals that wait to be looked at. More of them at once are let go: no budget would last for them. */
const MOST_PENDING = 10_000;
/** So many are looked at in one turn of the event loop. */
const A_TURN = 50;
/** `(`: series under such a method are no requests. */
const PARENTHESIS = 40;

/** A user who showed up. */
export interface Signal {
  /** The app's own id. */
  user: string;
  name: string;
  /** Given by the app itself. */
  named: boolean;
}

export interface SignalWatchOptions {
  clock: Clock;
  sessions: Sessions;
  foreground: Foreground;
  /** Looks at a signal, off the request's path. Must not throw. */
  consider: (signal: Signal) => void;
}

/** Sees in the requests that pass who shows up. What happens during a request is a look into a map and a comparison. */
export class SignalWatch {
  readonly counts = { session: 0, route: 0, named: 0, lost: 0 };
  readonly #options: SignalWatchOptions;
  /** Routes that are signals, by method, with the name of the signal. */
  #routes: ReadonlyMap<string, ReadonlyMap<string, string>> | undefined;
  /** Read once a second: sessions are measured in no less, and reading the clock would be a fifth of a request's cost. */
  #nowMs: number;
  #pending: Signal[] = [];
  #scheduled = false;

  constructor(options: SignalWatchOptions) {
    this.#options = options;
    this.#nowMs = options.clock.monotonicMs();
  }

  /** Called every second. */
  tick(): void {
    this.#nowMs = this.#options.clock.monotonicMs();
  }

  /** Sets which requests are signals by themselves: names like `POST /sign-in`. Other names are left to the app. */
  watchRoutes(names: Iterable<string>): void {
    const routes = new Map<string, Map<string, string>>();
    for (const name of names) {
      const [, method, route] = /^([A-Z]+|\*) (\S.*)$/.exec(name) ?? [];
      if (method === undefined || route === undefined) continue;
      let ofMethod = routes.get(method);
      if (ofMethod === undefined) routes.set(method, (ofMethod = new Map()));
      ofMethod.set(route, name);
    }
    this.#routes = routes.size === 0 ? undefined : routes;
  }

  /** A request has ended. Called for every one. */
  // oxlint-disable-next-line max-params -- called for every request: an object would be garbage each time
  request(method: string, route: string, outcome: Outcome, latencyUs: number, user: UserId): void {
    if (method.charCodeAt(0) === PARENTHESIS) return;
    const { foreground, sessions } = this.#options;
    foreground.count(latencyUs);
    if (user === undefined || user === null || user === "") return;
    const id = typeof user === "string" ? user : String(user);
    if (sessions.starts(id, this.#nowMs)) {
      this.counts.session++;
      this.#push({ user: id, name: SESSION, named: false });
    }
    if (this.#routes === undefined || outcome !== "ok") return;
    const name = this.#routes.get(method)?.get(route);
    if (name === undefined) return;
    this.counts.route++;
    this.#push({ user: id, name, named: false });
  }

  /** The app itself says that a user is about to come. */
  named(user: string, name: string): void {
    this.counts.named++;
    this.#push({ user, name, named: true });
  }

  #push(signal: Signal): void {
    if (this.#pending.length >= MOST_PENDING) {
      this.counts.lost++;
      return;
    }
    this.#pending.push(signal);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(this.#drain);
  }

  readonly #drain = (): void => {
    const turn = this.#pending.length <= A_TURN ? this.#pending : this.#pending.slice(0, A_TURN);
    this.#pending = this.#pending.length <= A_TURN ? [] : this.#pending.slice(A_TURN);
    this.#scheduled = this.#pending.length > 0;
    if (this.#scheduled) setImmediate(this.#drain);
    for (const signal of turn) this.#options.consider(signal);
  };
}

/** Whether a definition waits for this signal. Without names of its own, for any session's start and whatever the app names. */
export function isSignalFor(signals: readonly string[], { name, named }: Signal): boolean {
  if (signals.length === 0) return named || name === SESSION;
  return signals.includes(name);
}
