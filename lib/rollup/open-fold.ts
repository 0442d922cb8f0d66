import { countAbove, sumPayloads } from "../histogram/index.ts";
import type { Writer } from "../store/bulk.ts";
import type { Db } from "../store/db.ts";
import { EndpointBook, type ResolvedService, resolveServices, type RouteName } from "../store/dictionary.ts";
import { packEndpoint } from "../store/endpoint-pack.ts";
import { addLosses, type LossOf } from "../store/losses.ts";
import { saveReleases, type SeenRelease } from "../store/releases.ts";
import { USERS_KEPT } from "../store/tiers.ts";
import { saveUserLabels } from "../store/user-labels.ts";
import { type EndpointPart, insertEndpointParts, insertUserParts, type UserPart } from "../store/window-parts.ts";
import { isCached, isReserved, type LossReason, STATEMENT_METHOD, type WalkableBatch } from "../wire/index.ts";
import { BatchGathering, FINEST, GatheredEndpoint, GatheredScope, type Landing, mergeInto } from "./gathering.ts";
import { getOrAdd } from "./get-or-add.ts";
import { keepUsers } from "./keep-users.ts";
import type { KnownUsers } from "./known-users.ts";
import type { Pace } from "./pace.ts";
import { offsetOf, outcomeOf, type SpanWindows } from "./spans.ts";

type Head = WalkableBatch["head"];

/** The batches of one transaction on their way to parts of windows. */
export class OpenFold {
  private readonly scopes = new Map<string, Map<string, GatheredScope>>();
  /** By id, after names were resolved. */
  private readonly endpoints = new Map<number, GatheredEndpoint>();
  private readonly totals = new Map<number, GatheredEndpoint>();
  /** By id; what is no request counts in no total. */
  private readonly totalOf = new Map<number, number>();
  private readonly losses: LossOf[] = [];
  private readonly releases = new Map<string, SeenRelease>();
  private services = new Map<string, ResolvedService>();

  constructor(
    private readonly db: Db,
    private readonly users: KnownUsers,
    private readonly pace: Pace,
    private readonly landing: Landing = FINEST,
  ) {}

  /** Sorts all batches into endpoints and windows. */
  async gather(batches: readonly WalkableBatch[]): Promise<void> {
    this.services = await resolveServices(this.db, [...new Set(batches.map(({ head }) => head.service))]);
    for (const batch of batches) {
      const scope = this.scopeOf(batch.head);
      batch.walk(new BatchGathering(batch, scope, this.landing));
      scope.heads.push(batch.head);
      await this.pace.rest();
    }
    for (const environments of this.scopes.values())
      for (const scope of environments.values()) await this.resolve(scope);
  }

  /** Writes all parts. Labels and names are committed at once: they harm nobody if the rest fails. */
  async write(tx: Writer): Promise<void> {
    await this.saveLabels();
    const { endpoints, users } = await this.parts();
    await insertEndpointParts(tx, this.landing.endpoints, endpoints);
    await insertUserParts(tx, this.landing.users, users);
    await this.writeNotes(tx);
  }

  async saveLabels(): Promise<void> {
    await saveUserLabels(this.db, this.users.labels());
    this.users.saved();
  }

  /** What was gathered, added up, as parts of the tiers that it lands in. */
  async parts(): Promise<{ endpoints: EndpointPart[]; users: UserPart[] }> {
    return { endpoints: await this.endpointParts(), users: await this.userParts() };
  }

  /** Writes what batches tell besides windows. */
  async writeNotes(tx: Writer): Promise<void> {
    await addLosses(tx, this.losses);
    await saveReleases(tx, [...this.releases.values()]);
  }

  /** The endpoints that stand for all of a service and environment, of those that have parts. */
  get totalIds(): number[] {
    return [...this.totals.keys()];
  }

  private scopeOf({ service: name, environment }: Head): GatheredScope {
    const environments = getOrAdd(this.scopes, name, () => new Map<string, GatheredScope>());
    const service = this.services.get(name)!;
    return getOrAdd(environments, environment, () => new GatheredScope(service, environment, this.users.of(service)));
  }

  private noteHead({ serviceId, environment }: EndpointBook, { release, window, losses }: Head): void {
    const atMs = window.startMs;
    for (const [reason, count] of losses) this.losses.push({ serviceId, environment, atMs, reason, count });
    if (release === undefined) return;
    const key = JSON.stringify([serviceId, environment, release, atMs]);
    this.releases.set(key, { serviceId, environment, release, atMs });
  }

  /** Gives endpoints their ids. Those beyond the cap become one. */
  private async resolve(scope: GatheredScope): Promise<void> {
    const names: RouteName[] = [...scope.endpoints()];
    const book = await EndpointBook.open(
      this.db,
      { serviceId: scope.service.id, environment: scope.environment },
      names,
    );
    for (const head of scope.heads) this.noteHead(book, head);
    for (const { method, route, gathered } of scope.endpoints()) {
      const endpoint = book.resolve({ method, route });
      if (!isReserved(method)) this.totalOf.set(endpoint.id, endpoint.totalId);
      if (endpoint.capped) this.loseName(book, method, gathered);
      const there = this.endpoints.get(endpoint.id);
      if (there === undefined) this.endpoints.set(endpoint.id, gathered);
      else mergeInto(there, gathered);
      await this.pace.rest();
    }
  }

  private loseName({ serviceId, environment }: EndpointBook, method: string, gathered: GatheredEndpoint): void {
    const reason = capReasonOf(method);
    if (reason === null) return;
    for (const [atMs, windows] of gathered.spans)
      for (const payloads of windows.values()) {
        const count = payloads.reduce((sum, { bytes, start, end }) => sum + countAbove(bytes, -1, start, end), 0);
        this.losses.push({ serviceId, environment, atMs, reason, count });
      }
  }

  private async endpointParts(): Promise<EndpointPart[]> {
    const parts: EndpointPart[] = [];
    for (const [endpointId, { spans }] of this.endpoints) {
      const totalId = this.totalOf.get(endpointId);
      const total = totalId === undefined ? null : getOrAdd(this.totals, totalId, () => new GatheredEndpoint());
      for (const [startMs, windows] of spans) {
        const sums = total === null ? undefined : getOrAdd(total.spans, startMs, () => new Map() as SpanWindows);
        parts.push(partOf({ endpointId, startMs, windows, ...(sums && { sums }) }));
        await this.pace.rest();
      }
    }
    for (const [endpointId, { spans }] of this.totals)
      for (const [startMs, windows] of spans) parts.push(partOf({ endpointId, startMs, windows }));
    return parts;
  }

  private async userParts(): Promise<UserPart[]> {
    const parts: UserPart[] = [];
    for (const [endpointId, { users }] of this.endpoints)
      for (const [startMs, series] of users) {
        const chunks = await keepUsers(series, USERS_KEPT, this.pace);
        parts.push({ endpointId, startMs, rolled: false, chunks });
        await this.pace.rest();
      }
    return parts;
  }
}

/** Adds up the windows of one span, and adds what came out to `sums`. */
function partOf(span: { endpointId: number; startMs: number; windows: SpanWindows; sums?: SpanWindows }): EndpointPart {
  const { endpointId, startMs, windows, sums } = span;
  const packed = [...windows].map(([key, payloads]) => {
    const payload = sumPayloads(payloads);
    if (sums !== undefined) getOrAdd(sums, key, () => []).push({ bytes: payload, start: 0, end: payload.length });
    return { offset: offsetOf(key), outcome: outcomeOf(key), payload };
  });
  return { endpointId, startMs, rolled: false, payload: packEndpoint(packed) };
}

/** Why what goes by this method is not kept under its name; null where its endpoint, which lost its name too, says so. */
function capReasonOf(method: string): LossReason | null {
  if (!isReserved(method)) return "server_endpoint_cap";
  if (method === STATEMENT_METHOD) return "server_statement_cap";
  return isCached(method) ? "server_definition_cap" : null;
}
