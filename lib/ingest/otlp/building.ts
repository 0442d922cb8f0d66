import { encodePayload, HIGHEST_COUNT, newCounts, type Payload } from "../../histogram/index.ts";
import {
  type Batch,
  isReserved,
  type LossReason,
  OTHER_ENDPOINT,
  OTHER_METHOD,
  OTHER_USERS,
  type Outcome,
  OUTCOMES,
  STATEMENT_METHOD,
  type EndpointSeries,
  type BatchWindow,
} from "../../wire/index.ts";
import type { Source } from "./source.ts";

/** Samples by bucket. */
type Samples = Map<number, number>;

interface Endpoint {
  method: string;
  route: string;
  outcomes: Map<Outcome, Samples>;
  users: Map<string, Samples>;
}

/** As the SDK has it: names told apart in one batch, by what they name, and series of users. */
const MOST_REQUESTS = 1_000;
const MOST_STATEMENTS = 3_000;
const MOST_USERS = 10_000;

/** A batch that is being put together. */
export class Building {
  private readonly endpoints = new Map<string, Map<string, Endpoint>>();
  private readonly sizes = new Map<string, number>();
  private users = 0;
  readonly losses = new Map<string, number>();

  constructor(
    readonly source: Source,
    readonly window: BatchWindow,
    /** Tells it from the others of one export, and is the same when that is sent again. */
    readonly label: string,
  ) {}

  lose(reason: LossReason, count: number): void {
    if (count > 0) this.losses.set(reason, Math.min(HIGHEST_COUNT, (this.losses.get(reason) ?? 0) + count));
  }

  /** The endpoint of these names, or what stands for those beyond the cap. */
  endpoint(method: string, route: string): Endpoint {
    const known = this.endpoints.get(method)?.get(route);
    if (known !== undefined) return known;
    const group = isReserved(method) ? method : OTHER_METHOD;
    const size = (this.sizes.get(group) ?? 0) + 1;
    const most = group === STATEMENT_METHOD ? MOST_STATEMENTS : MOST_REQUESTS;
    if (size > most && route !== OTHER_ENDPOINT) return this.endpoint(group, OTHER_ENDPOINT);
    this.sizes.set(group, size);
    const routes = this.endpoints.get(method) ?? new Map<string, Endpoint>();
    const made = { method, route, outcomes: new Map(), users: new Map() };
    this.endpoints.set(method, routes.set(route, made));
    return made;
  }

  add(endpoint: Endpoint, outcome: Outcome, bucket: number, count: number): void {
    addTo(endpoint.outcomes, outcome, bucket, count);
  }

  /** Adds one sample of a user's, which `add` has added to the endpoint. */
  addUser(endpoint: Endpoint, user: string, bucket: number): void {
    const isNew = !endpoint.users.has(user);
    if (isNew && user !== OTHER_USERS && this.users >= MOST_USERS) {
      this.lose("user_cap", 1);
      return this.addUser(endpoint, OTHER_USERS, bucket);
    }
    if (isNew) this.users++;
    addTo(endpoint.users, user, bucket, 1);
  }

  get isEmpty(): boolean {
    return this.endpoints.size === 0 && this.losses.size === 0;
  }

  /** The batch, under an id that was made of `label`. */
  finish(id: string): Batch {
    const all = [...this.endpoints.values()].flatMap((routes) => [...routes.values()]);
    return { batch: id, ...this.source, window: this.window, endpoints: all.map(seriesOf), losses: this.losses };
  }
}

function addTo<Key>(map: Map<Key, Samples>, key: Key, bucket: number, count: number): void {
  const samples = map.get(key) ?? new Map<number, number>();
  map.set(key, samples.set(bucket, Math.min(HIGHEST_COUNT, (samples.get(bucket) ?? 0) + count)));
}

function seriesOf({ method, route, outcomes, users }: Endpoint): EndpointSeries {
  const told = OUTCOMES.flatMap((outcome) => {
    const samples = outcomes.get(outcome);
    return samples === undefined ? [] : [[outcome, payloadOf(samples)] as const];
  });
  return {
    method,
    route,
    outcomes: Object.fromEntries(told),
    users: [...users].map(([id, samples]) => ({ id, latency: payloadOf(samples) })),
  };
}

const scratch = newCounts();

function payloadOf(samples: Samples): Payload {
  for (const [bucket, count] of samples) scratch[bucket] = count;
  const payload = encodePayload(scratch);
  for (const bucket of samples.keys()) scratch[bucket] = 0;
  return payload;
}
