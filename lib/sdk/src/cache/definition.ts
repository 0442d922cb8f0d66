import type { Clock } from "../clock.ts";
import type { Visit } from "../context.ts";
import type { CachedDefinition, FillOrder, FillResult } from "./definition-type.ts";
import { decisionOf } from "./entry.ts";
import { fill } from "./fill.ts";
import type { FlightPlan } from "./flight.ts";
import { arrive, depart, underWay } from "./flights.ts";
import { orNothing } from "./guard.ts";
import type { Address } from "./leases.ts";
import { loadAlone } from "./load-alone.ts";
import type { CachedSettings } from "./options.ts";
import { reportError, reportWrite } from "./report.ts";
import { Shelf, type Found } from "./shelf.ts";
import type { CacheStore } from "./store.ts";
import { ToldDecisions } from "./told-decisions.ts";
import { beginVisit, endVisit, settleVisit } from "./visits.ts";

/** What `defineCached` returns. */
export class Definition<Value> implements CachedDefinition<Value> {
  readonly name: string;
  readonly ttlSeconds: number;
  readonly signals: readonly string[];
  readonly #settings: CachedSettings<Value>;
  readonly #store: CacheStore;
  readonly #shelf: Shelf;
  readonly #clock: Clock;
  readonly #told = new ToldDecisions();

  constructor(settings: CachedSettings<Value>, store: CacheStore, clock: Clock) {
    this.name = settings.name;
    this.ttlSeconds = settings.ttlMs / 1_000;
    this.signals = settings.signals;
    this.#settings = settings;
    this.#store = store;
    this.#clock = clock;
    this.#shelf = new Shelf(store, settings as CachedSettings<never>, clock);
  }

  async get(user: string): Promise<Value> {
    const visit = beginVisit(this.name, user);
    const startMs = this.#clock.monotonicMs();
    try {
      const address = this.#addressOf(user);
      return await (address
        ? this.#visit(this.#plan(user, address, startMs), visit)
        : this.#visitWithoutKey(user, visit));
    } finally {
      settleVisit(visit, "miss", undefined);
      endVisit(visit, (this.#clock.monotonicMs() - startMs) * 1_000, this.#clock.wallMs());
    }
  }

  async invalidate(user: string): Promise<void> {
    const address = this.#addressOf(user);
    if (address === undefined) return;
    reportWrite(this.name, user);
    const told = await this.#store.drop(address.key);
    // Nobody is served it any more; it goes so that it is not kept for nothing.
    if (told) await orNothing(this.#store.remove(address.key));
  }

  async fill(user: string, order: FillOrder): Promise<FillResult> {
    const address = this.#addressOf(user);
    if (address === undefined) return { state: "failed", tookUs: 0, bytes: 0 };
    return fill({ ...this.#plan(user, address), order });
  }

  async isCold(user: string): Promise<boolean> {
    const address = this.#addressOf(user);
    if (address === undefined || this.#store.flights.has(address.key)) return false;
    const found = await orNothing(this.#shelf.read(address));
    return found?.freshness === "none";
  }

  async mark(user: string, decision: string, untilMs: number): Promise<void> {
    const address = this.#addressOf(user);
    if (address) await orNothing(this.#shelf.mark(address, decision, untilMs));
  }

  async #visit(plan: FlightPlan<Value>, visit: Visit): Promise<Value> {
    const found = await orNothing(this.#shelf.read(plan.address));
    const served = found && this.#serve(found, visit);
    if (served) {
      if (visit.cache === "stale") this.#refresh(plan);
      return served[0];
    }
    const marked = found ? this.#tellMarked(plan.address, visit) : undefined;
    const arrival = await arrive({ ...plan, blind: found === undefined });
    await marked;
    settleVisit(visit, arrival.joined ? "joined" : "miss", this.#told.first(arrival.decision));
    return arrival.value;
  }

  /** The value in an array, if what was found may be served. */
  #serve({ freshness, entry }: Found, visit: Visit): [Value] | undefined {
    if (freshness === "none" || entry === undefined) return undefined;
    const decision = entry.f === undefined ? undefined : decisionOf(entry, this.#clock.wallMs());
    settleVisit(visit, freshness === "fresh" ? "hit" : "stale", this.#told.first(decision));
    return [entry.d as Value];
  }

  /** Computes a new value in place of an expired one, which is served meanwhile. */
  #refresh(plan: FlightPlan<Value>): void {
    if (underWay(plan)) return;
    depart({ ...plan, order: { notAfterMs: this.#clock.wallMs() + this.#settings.fillMs } });
  }

  async #tellMarked(address: Address, visit: Visit): Promise<void> {
    const decision = await orNothing(this.#shelf.marked(address));
    visit.decision ??= this.#told.first(decision);
  }

  #visitWithoutKey(user: string, visit: Visit): Promise<Value> {
    settleVisit(visit, "miss", undefined);
    return loadAlone(this.#settings, user, this.#clock);
  }

  #plan(user: string, address: Address, askedMs = this.#clock.monotonicMs()): FlightPlan<Value> {
    return { user, address, askedMs, shelf: this.#shelf, settings: this.#settings, clock: this.#clock };
  }

  /** Without an address nothing is cached; what is wrong with the key or the tags is told to `onError`. */
  #addressOf(user: string): Address | undefined {
    try {
      return this.#shelf.addressOf(user);
    } catch (error) {
      reportError(error);
      return undefined;
    }
  }
}
