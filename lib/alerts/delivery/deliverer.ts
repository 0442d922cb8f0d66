import { log } from "../../log.ts";
import { noteAttempt } from "../../store/alert-deliveries.ts";
import { type Claim, claimDue, fanOut } from "../../store/alert-delivery-queue.ts";
import type { Db } from "../../store/db.ts";
import { afterAttempt } from "./retry.ts";
import { type Outside, send } from "./send.ts";

/** Sent at the same time by one process. One receiver has one of these at most. */
const AT_ONCE = 200;
/** For so long what was claimed is this worker's: the limit of an attempt, and time to write down what became of it. */
const LEASE_MS = 30_000;
/** A round goes on for so long while there is something to do; what takes longer goes on without it. */
const ROUND_MS = 1_500;

/** Sends deliveries. One a process: what a receiver takes its time for outlives the round that began it. */
export class Deliverer {
  readonly #underWay = new Set<Promise<void>>();

  constructor(
    private readonly db: Db,
    private readonly outside: Outside,
    private readonly chance: () => number = Math.random,
  ) {}

  /** Makes deliveries of events and begins what is due. At least once: a kill between sending and noting sends again, with the same id. */
  async round(stop: () => boolean = () => false): Promise<void> {
    const end = performance.now() + ROUND_MS;
    for (let more = true; more && !stop() && performance.now() < end;) {
      const { events, unknown } = await fanOut(this.db, this.outside.now());
      if (unknown.length > 0) log("alerts").warn({ receivers: unknown }, "rules name receivers that do not exist");
      const begun = await this.#begin();
      if (this.#underWay.size > 0) await Promise.race([...this.#underWay, pause(end - performance.now())]);
      more = events > 0 || begun > 0;
    }
  }

  /** Waits for everything that is under way. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  async #begin(): Promise<number> {
    const limit = AT_ONCE - this.#underWay.size;
    if (limit <= 0) return 0;
    const claims = await claimDue(this.db, { nowMs: this.outside.now(), leaseMs: LEASE_MS, limit });
    for (const claim of claims) {
      const sending: Promise<void> = this.#deliver(claim).finally(() => this.#underWay.delete(sending));
      this.#underWay.add(sending);
    }
    return claims.length;
  }

  /** An error here is the database's: the claim runs out, and it is sent again. */
  async #deliver(claim: Claim): Promise<void> {
    try {
      const { retryAfter, ...attempt } = await send(claim, this.outside);
      const nowMs = this.outside.now();
      const next = afterAttempt(claim, { status: attempt.status, retryAfter }, nowMs, this.chance());
      await noteAttempt(this.db, claim, { ...next, nowMs, attempt });
      if (next.off !== null)
        log("alerts").warn({ receiver: claim.receiverId, why: next.off }, "a receiver is switched off");
    } catch (error) {
      log("alerts").error({ err: error, delivery: claim.id }, "a delivery was not noted; it will be sent again");
    }
  }
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, Math.max(0, ms)).unref());
