import { randomBytes } from "node:crypto";
import type { FillState } from "../../../wire/index.ts";
import type { Clock, Timer } from "../clock.ts";
import { decisionOf } from "./entry.ts";
import { isStoreFailure } from "./guard.ts";
import { keepLease } from "./keep-lease.ts";
import type { Address } from "./leases.ts";
import { jsonBytes } from "./measure.ts";
import type { CachedSettings } from "./options.ts";
import { reportBytes, reportError, reportLoad } from "./report.ts";
import type { Errand, Shelf } from "./shelf.ts";

/** What a flight is made of. */
export interface FlightPlan<Value> {
  user: string;
  address: Address;
  /** When it was asked for, by the clock that never goes back. */
  askedMs: number;
  /** Why it runs in the background; a visit has none. */
  order?: Errand;
  /** A refresh replaces the entry that is fresh until then; a newer one it leaves. */
  replaces?: number | undefined;
  /** Takes the lease from whoever has it: that one seems to hang. */
  force?: boolean;
  /** The store cannot be asked: compute, and store nothing. */
  blind?: boolean;
  shelf: Shelf;
  settings: CachedSettings<Value>;
  clock: Clock;
}

/** How a flight ended. */
export interface Landing<Value> {
  state: FillState;
  /** In an array, as the value may be `undefined`. */
  value?: [Value];
  /** What `load` rejected with. */
  error?: [unknown];
  /** The value was computed by another process. */
  found?: boolean;
  /** The decision that the value was filled for. */
  decision?: string | undefined;
  /** What `load` took and what it gave, in microseconds and bytes; 0 when it did not run. */
  tookUs: number;
  bytes: number;
}

const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 100;

/**
 * One process's way to a value that is not in the cache: it waits for another process that computes it, or computes it
 * under a lease. Everybody in this process who wants the value joins it.
 */
export class Flight<Value> {
  /** Visits that wait for this flight, besides the one that began it. */
  joined = 0;
  /** Somebody has waited too long for it. */
  tired = false;
  /** The versions that it computes under; null when it will not be stored. */
  versions: string | null = null;
  /** Settled when `versions` is known. */
  readonly begun: Promise<void>;
  /** Never rejects. */
  readonly landed: Promise<Landing<Value>>;
  readonly startMs: number;
  readonly #plan: FlightPlan<Value>;
  readonly #token: string;
  readonly #abort = new AbortController();
  #began: () => void = () => undefined;
  #stop: (state: FillState) => void = () => undefined;

  constructor(plan: FlightPlan<Value>) {
    this.#plan = plan;
    this.startMs = plan.clock.monotonicMs();
    this.#token = `${plan.order ? "f" : "v"}${randomBytes(9).toString("base64url")}`;
    this.begun = new Promise((resolve) => (this.#began = resolve));
    this.landed = this.#fly().finally(this.#began);
  }

  get order(): Errand | undefined {
    return this.#plan.order;
  }

  get address(): Address {
    return this.#plan.address;
  }

  /** The value has been invalidated: what this flight computes is for those who wait already, and for nobody else. */
  void(): void {
    this.#giveUp("voided");
  }

  /** Ends a fill for which nobody waits. */
  #giveUp(state: FillState): void {
    if (this.#plan.order && this.joined === 0) this.#stop(state);
  }

  async #fly(): Promise<Landing<Value>> {
    const { blind, order, force } = this.#plan;
    try {
      if (blind) return await this.#compute();
      const holder = await this.#begin(force);
      if (holder === this.#token) return await this.#computeUnlessThere();
      if (order) return { state: holder.startsWith("f") ? "warm" : "late", tookUs: 0, bytes: 0 };
      return await this.#waitForOther();
    } catch (error) {
      // Only the store can have failed; it has been reported. A fill that cannot be stored is of no use.
      if (!isStoreFailure(error)) reportError(error);
      this.versions = null;
      return order ? { state: "failed", tookUs: 0, bytes: 0 } : this.#compute();
    }
  }

  async #begin(force = false): Promise<string> {
    const { shelf, address } = this.#plan;
    const { versions, holder } = await shelf.store.begin(address, this.#token, force);
    this.versions = versions;
    this.#began();
    return holder;
  }

  /** The one who had the lease before may have stored the value after we looked for it. */
  async #computeUnlessThere(): Promise<Landing<Value>> {
    const there = await this.#find();
    if (there === undefined) return this.#compute();
    this.#endLease();
    return there;
  }

  async #find(): Promise<Landing<Value> | undefined> {
    const { shelf, address, clock, order, replaces } = this.#plan;
    const { freshness, entry } = await shelf.read(address);
    if (freshness !== "fresh" || entry === undefined) return undefined;
    if (order?.refresh && entry.e === replaces) return undefined;
    const decision = decisionOf(entry, clock.wallMs());
    return { state: "warm", value: [entry.d as Value], found: true, decision, tookUs: 0, bytes: 0 };
  }

  /** Looks again and again until the other one has stored the value, died, or taken too long. */
  async #waitForOther(): Promise<Landing<Value>> {
    const { clock, settings } = this.#plan;
    const endMs = clock.monotonicMs() + settings.waitMs;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 1.5)) {
      const tired = clock.monotonicMs() + pauseMs > endMs;
      if (!tired) await new Promise<void>((resume) => void clock.after(pauseMs, resume, true));
      const there = await this.#find();
      if (there) return there;
      if ((await this.#begin(tired)) === this.#token) return this.#computeUnlessThere();
    }
  }

  async #compute(): Promise<Landing<Value>> {
    const { shelf, address, clock } = this.#plan;
    const leased = this.versions !== null;
    const keeper = leased
      ? keepLease(shelf.store, { address, token: this.#token, clock }, () => this.#giveUp("voided"))
      : undefined;
    try {
      return await this.#load();
    } finally {
      keeper?.stop();
      if (leased) this.#endLease();
    }
  }

  #endLease(): void {
    const { shelf, address } = this.#plan;
    // Nobody waits for it: a lease that is not ended ends by itself.
    void Promise.resolve(shelf.store.end(address, this.#token)).catch(() => undefined);
  }

  async #load(): Promise<Landing<Value>> {
    const { settings, user, order, clock } = this.#plan;
    const startMs = clock.monotonicMs();
    const tookUs = (): number => Math.round((clock.monotonicMs() - startMs) * 1_000);
    const stopped = this.#stopped();
    try {
      const context = { reason: order ? "fill" : "visit", signal: this.#abort.signal } as const;
      const loading = (async () => ({ value: await settings.load(user, context) }))();
      const ended = await (order ? Promise.race([loading, stopped.state]) : loading);
      const took = tookUs();
      reportLoad(settings.name, user, { ok: typeof ended !== "string", tookUs: took });
      if (typeof ended === "string") return { state: ended, tookUs: took, bytes: 0 };
      return await this.#keep(ended.value, took);
    } catch (error) {
      const took = tookUs();
      reportLoad(settings.name, user, { ok: false, tookUs: took });
      return { state: "failed", error: [error], tookUs: took, bytes: 0 };
    } finally {
      stopped.cancel();
    }
  }

  /** What ends a fill early: it takes too long, is past its deadline, is not wanted any more, or was voided. */
  #stopped(): { state: Promise<FillState>; cancel: () => void } {
    const { order, settings, clock } = this.#plan;
    const timers: Timer[] = [];
    const unwanted = (): void => this.#giveUp("dropped");
    const state = new Promise<FillState>((resolve) => {
      this.#stop = (why) => {
        resolve(why);
        this.#abort.abort();
      };
    });
    if (order) {
      timers.push(clock.after(settings.fillMs, () => this.#stop("failed")));
      timers.push(clock.after(Math.max(0, order.notAfterMs - clock.wallMs()), () => this.#giveUp("late")));
      order.signal?.addEventListener("abort", unwanted, { once: true });
    }
    const cancel = (): void => {
      for (const timer of timers) timer.cancel();
      order?.signal?.removeEventListener("abort", unwanted);
    };
    return { state, cancel };
  }

  async #keep(value: Value, tookUs: number): Promise<Landing<Value>> {
    const { shelf, address, settings, user, order } = this.#plan;
    const landing = { value: [value] as [Value], decision: order?.decision, tookUs, bytes: 0 };
    try {
      landing.bytes = jsonBytes(value);
      reportBytes(settings.name, user, landing.bytes);
      if (this.versions === null) return { ...landing, state: "failed" };
      const under = order ? { versions: this.versions, order } : { versions: this.versions };
      return { ...landing, state: (await shelf.keep(address, value, under)) ? "filled" : "voided" };
    } catch (error) {
      if (!isStoreFailure(error)) reportError(error);
      return { ...landing, state: "failed" };
    }
  }
}
