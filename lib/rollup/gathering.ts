import type { ResolvedService } from "../store/dictionary.ts";
import { ENDPOINT_TIERS, type Tier, USER_TIERS } from "../store/tiers.ts";
import type { BatchVisitor, WalkableBatch } from "../wire/index.ts";
import { getOrAdd } from "./get-or-add.ts";
import { SeriesList } from "./series-list.ts";
import { floorTo, type SpanWindows, windowKey } from "./spans.ts";
import type { UserDirectory } from "./user-directory.ts";

/** The tiers that batches are folded into. */
export interface Landing {
  endpoints: Tier;
  users: Tier;
}

/** What apps send lands in the finest tiers. */
export const FINEST: Landing = { endpoints: ENDPOINT_TIERS[0], users: USER_TIERS[0] };

/** An endpoint's part of a fold: nothing is copied or added yet, everything points into the batches. */
export class GatheredEndpoint {
  /** By start of the span. */
  readonly spans = new Map<number, SpanWindows>();
  /** By start of the window. */
  readonly users = new Map<number, SeriesList>();
}

/** The endpoints of one service and environment, by method and route. */
export class GatheredScope {
  readonly methods = new Map<string, Map<string, GatheredEndpoint>>();
  /** What the batches say of themselves. */
  readonly heads: WalkableBatch["head"][] = [];

  constructor(
    readonly service: ResolvedService,
    readonly environment: string,
    readonly directory: UserDirectory,
  ) {}

  of(method: string, route: string): GatheredEndpoint {
    const routes = getOrAdd(this.methods, method, () => new Map<string, GatheredEndpoint>());
    return getOrAdd(routes, route, () => new GatheredEndpoint());
  }

  /** All endpoints, with their names. */
  *endpoints(): Generator<{ method: string; route: string; gathered: GatheredEndpoint }> {
    for (const [method, routes] of this.methods)
      for (const [route, gathered] of routes) yield { method, route, gathered };
  }
}

const UNKNOWN = 0xffff_ffff;

/** Sorts what a batch holds into the endpoints and windows of its scope. */
export class BatchGathering implements BatchVisitor {
  private readonly bytes: Uint8Array;
  private readonly atMs: number;
  private readonly userStartMs: number;
  private readonly spanStartMs: number;
  /** Users by their number in the batch: an id is looked up once, however many endpoints it called. */
  private readonly known: Uint32Array;
  private endpointNow = new GatheredEndpoint();
  private usersNow: SeriesList | null = null;

  constructor(
    private readonly batch: WalkableBatch,
    private readonly scope: GatheredScope,
    private readonly landing: Landing = FINEST,
  ) {
    this.bytes = batch.bytes;
    this.atMs = batch.head.window.startMs;
    this.userStartMs = floorTo(this.atMs, landing.users.spanSeconds);
    this.spanStartMs = floorTo(this.atMs, landing.endpoints.spanSeconds);
    this.known = new Uint32Array(batch.ids.ends.length).fill(UNKNOWN);
  }

  endpoint(method: string, route: string): void {
    this.endpointNow = this.scope.of(method, route);
    this.usersNow = null;
  }

  outcome(outcome: number, start: number, end: number): void {
    if (start === end) return;
    const windows = getOrAdd(this.endpointNow.spans, this.spanStartMs, () => new Map() as SpanWindows);
    const offset = Math.floor((this.atMs - this.spanStartMs) / (this.landing.endpoints.windowSeconds * 1000));
    getOrAdd(windows, windowKey(offset, outcome), () => []).push({ bytes: this.bytes, start, end });
  }

  // oxlint-disable-next-line max-params -- as BatchVisitor has it
  user(id: number, kind: number, start: number, end: number): void {
    if (start === end) return;
    const users = (this.usersNow ??= this.openUsers());
    const user = this.userOf(id);
    const { highs, lows } = this.scope.directory;
    const entry = users.add(highs[user]!, lows[user]!, kind);
    users.starts[entry] = start;
    users.ends[entry] = end;
  }

  private openUsers(): SeriesList {
    const users = getOrAdd(this.endpointNow.users, this.userStartMs, () => new SeriesList());
    users.from(this.bytes);
    return users;
  }

  private userOf(id: number): number {
    const found = this.known[id]!;
    if (found !== UNKNOWN) return found;
    const { bytes, start, ends } = this.batch.ids;
    const user = this.scope.directory.find(bytes, id === 0 ? start : ends[id - 1]!, ends[id]!, this.atMs);
    this.known[id] = user;
    return user;
  }
}

/** Adds what was gathered of one endpoint to another: what is beyond the cap goes to `(other)`. */
export function mergeInto(other: GatheredEndpoint, gathered: GatheredEndpoint): void {
  for (const [startMs, windows] of gathered.spans) {
    const into = getOrAdd(other.spans, startMs, () => new Map() as SpanWindows);
    for (const [key, payloads] of windows) getOrAdd(into, key, () => []).push(...payloads);
  }
  for (const [startMs, users] of gathered.users) {
    const into = getOrAdd(other.users, startMs, () => new SeriesList());
    into.append(users);
  }
}
