import type { Clock, Timer } from "../clock.ts";
import { LEASE_MS, type Address } from "./leases.ts";
import type { CacheStore } from "./store.ts";

const EVERY_MS = LEASE_MS / 4;
/** A load that takes longer than this hangs: others may try. */
const LONGEST_MS = 60_000;

export interface LeaseKeeper {
  stop(): void;
}

/** Renews a lease while its holder computes. `lost` is called once when it is gone, because of an invalidation for instance. */
export function keepLease(
  store: CacheStore,
  lease: { address: Address; token: string; clock: Clock },
  lost: () => void,
): LeaseKeeper {
  const { address, token, clock } = lease;
  const untilMs = clock.monotonicMs() + LONGEST_MS;
  let timer: Timer | undefined = clock.after(EVERY_MS, tick);
  function tick(): void {
    if (clock.monotonicMs() < untilMs) void renew();
  }
  async function renew(): Promise<void> {
    // A store that cannot be asked has not said that the lease is gone.
    const ours = await Promise.resolve(store.renew(address, token)).catch(() => true);
    if (timer === undefined) return;
    if (ours) timer = clock.after(EVERY_MS, tick);
    else lost();
  }
  return {
    stop() {
      timer?.cancel();
      timer = undefined;
    },
  };
}
