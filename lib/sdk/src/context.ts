import { AsyncLocalStorage } from "node:async_hooks";
import type { CacheOutcome } from "../../wire/index.ts";
import type { Client } from "./client-type.ts";

/** What a visit to a cached definition came to. */
export interface Visit {
  readonly definition: string;
  readonly user: string;
  /** Whether the request it is part of tells of it. */
  readonly isPart: boolean;
  /** Undefined while it is under way. */
  cache: CacheOutcome | undefined;
  /** The decision whose first visit it is. */
  decision: string | undefined;
}

/** What is known of the request under way, for what is called deep inside of it. */
export interface RequestContext {
  readonly client: Client;
  readonly visits: Visit[];
  /** False once the response has closed: what still runs then is no part of the request. */
  open: boolean;
}

interface Shared {
  /** Made when it is needed first: from then on, every promise of the process costs a little more. */
  storage: AsyncLocalStorage<RequestContext> | undefined;
}

/** `Symbol.for`, so that the ESM and the CommonJS copy of this package see the same requests. */
const SHARED = Symbol.for("@tailfill/sdk requests 1");

const holder = globalThis as typeof globalThis & { [SHARED]?: Shared };
const shared: Shared = (holder[SHARED] ??= { storage: undefined });

/** From now on, requests that begin are followed. Called by what needs it: without a cached definition nothing is. */
export function followRequests(): void {
  shared.storage ??= new AsyncLocalStorage();
}

/** The context of the request that this call is a part of, while its response is open. */
export function requestUnderWay(): RequestContext | undefined {
  const context = shared.storage?.getStore();
  return context?.open ? context : undefined;
}
