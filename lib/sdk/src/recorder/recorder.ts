import { HIGHEST_US, indexOf, SeriesStore } from "../../../histogram/index.ts";
import { cleanName, isReserved, OTHER_ENDPOINT, OTHER_METHOD, OTHER_USERS, OUTCOMES } from "../../../wire/index.ts";
import type { CachePart, LossReason, Outcome, RecordedEndpoint, RecordedWindow } from "../../../wire/index.ts";

export interface RecorderLimits {
  /** Endpoints of one window that are told apart; the rest are counted under `(other)`. */
  endpoints?: number;
  /** Those of reserved methods, likewise; the rest are counted under `(other)` too. */
  reserved?: number;
  /** User series of one window (a user at an endpoint is one); the rest are counted under `(other users)`. */
  userSeries?: number;
}

const DEFAULT_ENDPOINTS = 1_000;
/** Ample: four series a cached definition, three an endpoint, and a thousand statements. */
const DEFAULT_RESERVED = 6_000;
const DEFAULT_USER_SERIES = 10_000;
const NO_SERIES = -1;

/** One endpoint's series, by outcome and by user, as numbers of the window's store. */
class EndpointRecord implements RecordedEndpoint {
  readonly outcomes: number[] = OUTCOMES.map(() => NO_SERIES);
  readonly users = new Map<string, number>();
  hits: Map<number, number> | undefined = undefined;
  misses: Map<number, number> | undefined = undefined;
  /** The series of `(other users)`. */
  otherUsers = NO_SERIES;
  readonly isOther: boolean;

  constructor(
    readonly method: string,
    readonly route: string,
  ) {
    this.isOther = route === OTHER_ENDPOINT && (method === OTHER_METHOD || isReserved(method));
  }
}

/** What is recorded in one window. Maps are nested, so that recording never builds a key. */
class OpenWindow implements RecordedWindow {
  samples = 0;
  maxUs = 0;
  userSeries = 0;
  /** How many of the endpoints are of reserved methods. */
  reserved = 0;
  readonly series = new SeriesStore();
  readonly losses = new Map<LossReason, number>();
  readonly endpoints: EndpointRecord[] = [];
  readonly methods = new Map<string, Map<string, EndpointRecord>>();
  /** The method recorded last, and its routes: most requests have the same one, and need not look it up. */
  method = "";
  routes: Map<string, EndpointRecord> | undefined;
  /** Whether a name was kept in another form than it came in, so that a name not found may still be known. */
  hasCleanedNames = false;

  turnTo(method: string): Map<string, EndpointRecord> | undefined {
    const routes = this.methods.get(method);
    if (routes === undefined) return undefined;
    this.method = method;
    this.routes = routes;
    return routes;
  }
}

/**
 * Counts latencies by endpoint and outcome, and by endpoint and user, for one window at a time.
 * Memory is bounded by the limits, whatever is recorded.
 */
export class Recorder {
  private window = new OpenWindow();
  private readonly mostEndpoints: number;
  private readonly mostReserved: number;
  private readonly mostUserSeries: number;

  constructor(limits: RecorderLimits = {}) {
    this.mostEndpoints = limits.endpoints ?? DEFAULT_ENDPOINTS;
    this.mostReserved = limits.reserved ?? DEFAULT_RESERVED;
    this.mostUserSeries = limits.userSeries ?? DEFAULT_USER_SERIES;
  }

  /**
   * Records one request. `latencyUs` is in microseconds, and rounded to whole ones; above one hour it counts as one hour
   * and as a loss. What cannot be counted (no number, negative, no name) is a loss. `part` is kept with the user's series:
   * without a user there is none. Never throws.
   */
  // oxlint-disable-next-line max-params -- the hottest call of the SDK; an object a request would cost more than the rest
  record(method: string, route: string, outcome: Outcome, latencyUs: number, user?: string, part?: CachePart): void {
    const bit = bitOf(outcome);
    if (bit < 0 || !Number.isFinite(latencyUs) || latencyUs < 0) return this.lose("invalid");
    const window = this.window;
    const routes = method === window.method ? window.routes : window.turnTo(method);
    const endpoint = routes?.get(route) ?? this.endpointFor(method, route);
    if (endpoint === null) return this.lose("invalid");
    const valueUs = latencyUs <= HIGHEST_US ? Math.round(latencyUs) : this.clamped();
    const index = indexOf(valueUs);
    window.samples++;
    if (valueUs > window.maxUs) window.maxUs = valueUs;
    if (endpoint.outcomes[bit] === NO_SERIES) endpoint.outcomes[bit] = window.series.add();
    window.series.record(endpoint.outcomes[bit]!, index);
    if (endpoint.isOther) this.lose("endpoint_cap");
    if (typeof user === "string" && user !== "") {
      const series = endpoint.users.get(user) ?? this.userFor(endpoint, user);
      window.series.record(series, index);
      if (part !== undefined) window.series.record(this.partOf(endpoint, series, part), index);
    }
  }

  /** Records so many samples of the same latency. Never throws. */
  // oxlint-disable-next-line max-params -- see record
  recordMany(method: string, route: string, outcome: Outcome, latencyUs: number, times: number): void {
    if (!(times >= 1)) return;
    this.record(method, route, outcome, latencyUs);
    const { window } = this;
    const series = window.methods.get(cleanName(method))?.get(cleanName(route))?.outcomes[bitOf(outcome)];
    if (series === undefined || series === NO_SERIES || times === 1) return;
    window.series.recordMany(series, indexOf(Math.min(Math.round(latencyUs), HIGHEST_US)), times - 1);
    window.samples += times - 1;
  }

  /** Ends the window: hands over what was recorded, uncopied, and goes on with an empty one. */
  swap(): RecordedWindow {
    const window = this.window;
    this.window = new OpenWindow();
    return window;
  }

  /** The endpoint of a name that is not in the maps as it is: new, or kept in its clean form, or beyond the cap. */
  private endpointFor(method: string, route: string): EndpointRecord | null {
    if (typeof method !== "string" || typeof route !== "string" || method === "" || route === "") return null;
    const window = this.window;
    const hasRoom = this.hasRoomFor(method);
    if (hasRoom || window.hasCleanedNames) {
      const known = window.methods.get(cleanName(method))?.get(cleanName(route));
      if (known) return known;
    }
    if (hasRoom) return this.addEndpoint(this.clean(method), this.clean(route));
    const otherMethod = isReserved(method) ? method : OTHER_METHOD;
    const other = window.methods.get(otherMethod)?.get(OTHER_ENDPOINT);
    return other ?? this.addEndpoint(otherMethod, OTHER_ENDPOINT);
  }

  private hasRoomFor(method: string): boolean {
    const { reserved, endpoints } = this.window;
    return isReserved(method) ? reserved < this.mostReserved : endpoints.length - reserved < this.mostEndpoints;
  }

  private addEndpoint(method: string, route: string): EndpointRecord {
    const { methods, endpoints } = this.window;
    const endpoint = new EndpointRecord(method, route);
    let routes = methods.get(method);
    if (!routes) methods.set(method, (routes = new Map()));
    routes.set(route, endpoint);
    endpoints.push(endpoint);
    if (isReserved(method)) this.window.reserved++;
    return endpoint;
  }

  /** The series of a user that is not in the endpoint's map as it is: new, or kept in clean form, or beyond the cap. */
  private userFor(endpoint: EndpointRecord, user: string): number {
    const window = this.window;
    const hasRoom = window.userSeries < this.mostUserSeries;
    const id = hasRoom || window.hasCleanedNames ? this.clean(user) : user;
    const known = id === user ? undefined : endpoint.users.get(id);
    if (known !== undefined) return known;
    if (id === OTHER_USERS) return this.otherUsersOf(endpoint);
    if (!hasRoom) {
      this.lose("user_cap");
      return this.otherUsersOf(endpoint);
    }
    window.userSeries++;
    return this.addUser(endpoint, ownString(id));
  }

  private otherUsersOf(endpoint: EndpointRecord): number {
    if (endpoint.otherUsers === NO_SERIES) endpoint.otherUsers = this.addUser(endpoint, OTHER_USERS);
    return endpoint.otherUsers;
  }

  private addUser(endpoint: EndpointRecord, id: string): number {
    const series = this.window.series.add();
    endpoint.users.set(id, series);
    return series;
  }

  /** The series of the hits, or of the misses, among a user's requests. */
  private partOf(endpoint: EndpointRecord, user: number, part: CachePart): number {
    const parts = part === "hit" ? (endpoint.hits ??= new Map()) : (endpoint.misses ??= new Map());
    let series = parts.get(user);
    if (series === undefined) parts.set(user, (series = this.window.series.add()));
    return series;
  }

  private clean(name: string): string {
    const clean = cleanName(name);
    if (clean !== name) this.window.hasCleanedNames = true;
    return clean;
  }

  private clamped(): number {
    this.lose("over_range");
    return HIGHEST_US;
  }

  private lose(reason: LossReason): void {
    const losses = this.window.losses;
    losses.set(reason, (losses.get(reason) ?? 0) + 1);
  }
}

/** The place of an outcome in `OUTCOMES`; −1 for anything else. Comparing four known strings beats a lookup. */
function bitOf(outcome: Outcome): number {
  if (outcome === "ok") return 0;
  if (outcome === "client_error") return 1;
  if (outcome === "server_error") return 2;
  return outcome === "aborted" ? 3 : -1;
}

/** V8 copies pieces of strings shorter than this, and lets longer ones point into the string that they are a piece of. */
const SHORTEST_SLICE = 13;

/**
 * The same text as a string of its own. The id that an app hands over may be a piece of a cookie or of a URL, all of which
 * would stay in memory for as long as the id.
 */
function ownString(text: string): string {
  return text.length < SHORTEST_SLICE ? text : Buffer.from(text).toString();
}
