import { countOf, sumPayloads } from "../histogram/index.ts";
import { log } from "../log.ts";
import { type ClaimedBatch, claimBatches, deleteBatches } from "../store/batches.ts";
import type { Connection, Db } from "../store/db.ts";
import { EndpointBook, resolveServices } from "../store/dictionary.ts";
import { packEndpoint } from "../store/endpoint-pack.ts";
import { addLosses, type LossOf } from "../store/losses.ts";
import { saveReleases } from "../store/releases.ts";
import { ENDPOINT_TIERS, USER_TIERS, USERS_KEPT } from "../store/tiers.ts";
import { saveUserLabels } from "../store/user-labels.ts";
import { type EndpointPart, insertEndpointParts, insertUserParts, type UserPart } from "../store/window-parts.ts";
import { type Batch, decodeTrustedBatch, type EndpointSeries } from "../wire/index.ts";
import { sortUsers } from "./gathered-user.ts";
import { addUser, Gathering, getOrAdd, offsetOf, outcomeOf, type SpanWindows } from "./gathering.ts";
import { keepUsers } from "./keep-users.ts";
import { KnownUsers } from "./known-users.ts";
import { Pace } from "./pace.ts";

/** Batches that one transaction folds: bounds memory, and how long a claim lasts. */
const BYTES_AT_ONCE = 12 * 1024 * 1024;
const LIMITS = { timeout: 120_000, maxWait: 10_000 };

/**
 * Turns waiting batches into parts of windows. One folder object serves a process; any number of processes may fold at
 * the same time. Stopped at any point, a transaction leaves everything as it was, and its batches wait on.
 */
export class Folder {
  private readonly users = new KnownUsers();

  constructor(private readonly db: Db) {}

  /**
   * Folds until no batch is left that this folder can claim, or `stop` says so between two transactions.
   * Returns the number of batches folded.
   */
  async fold(stop: () => boolean = () => false): Promise<number> {
    let folded = 0;
    while (!stop()) {
      const batches = await this.db.$transaction((tx) => this.foldOnce(tx), LIMITS);
      if (batches === 0) break;
      folded += batches;
    }
    return folded;
  }

  private async foldOnce(tx: Connection): Promise<number> {
    const claimed = await claimBatches(tx, BYTES_AT_ONCE);
    if (claimed.length === 0) return 0;
    const pace = new Pace();
    const batches = await decodeAll(claimed, pace);
    const fold = new OpenFold(this.db, this.users, pace);
    await fold.gather(batches);
    await fold.write(tx);
    await deleteBatches(tx, claimed);
    return claimed.length;
  }
}

/** What ingest stored can be read, unless it was stored by a newer version or damaged since: then it must not stop the rest. */
async function decodeAll(claimed: readonly ClaimedBatch[], pace: Pace): Promise<Batch[]> {
  const batches: Batch[] = [];
  for (const { id, service, environment, payload } of claimed) {
    try {
      batches.push(decodeTrustedBatch(payload));
    } catch (error) {
      log("fold").error(
        { err: error, batch: id, service, environment },
        "a stored batch cannot be read; it is left out",
      );
    }
    await pace.rest();
  }
  return batches;
}

/** The batches of one transaction on their way to parts. */
class OpenFold {
  private readonly gathering = new Gathering();
  private readonly losses: LossOf[] = [];
  private readonly services = new Map<string, number>();
  private readonly books = new Map<number, Map<string, EndpointBook>>();
  private batches: readonly Batch[] = [];

  constructor(
    private readonly db: Db,
    private readonly users: KnownUsers,
    private readonly pace: Pace,
  ) {}

  async gather(batches: readonly Batch[]): Promise<void> {
    this.batches = batches;
    await this.openBooks();
    for (const batch of batches) {
      this.gatherLosses(batch);
      for (const endpoint of batch.endpoints) {
        this.gatherEndpoint(batch, endpoint);
        await this.pace.rest();
      }
    }
  }

  /** Writes all parts. Labels and names are committed at once: they harm nobody if the rest fails. */
  async write(tx: Connection): Promise<void> {
    await saveUserLabels(this.db, this.users.labels());
    this.users.saved();
    await insertEndpointParts(tx, ENDPOINT_TIERS[0], await this.endpointParts());
    await insertUserParts(tx, USER_TIERS[0], await this.userParts());
    await addLosses(tx, this.losses);
    await saveReleases(tx, this.releases());
  }

  private async openBooks(): Promise<void> {
    const scopes = new Map<string, Map<string, EndpointSeries[]>>();
    for (const { service, environment, endpoints } of this.batches) {
      const environments = getOrAdd(scopes, service, () => new Map<string, EndpointSeries[]>());
      getOrAdd(environments, environment, () => []).push(...endpoints);
    }
    for (const [name, id] of await resolveServices(this.db, [...scopes.keys()])) this.services.set(name, id);
    for (const [service, environments] of scopes) {
      const serviceId = this.services.get(service)!;
      const books = getOrAdd(this.books, serviceId, () => new Map<string, EndpointBook>());
      for (const [environment, endpoints] of environments)
        books.set(environment, await EndpointBook.open(this.db, { serviceId, environment }, endpoints));
    }
  }

  private gatherEndpoint(batch: Batch, endpoint: EndpointSeries): void {
    const atMs = batch.window.startMs;
    const serviceId = this.services.get(batch.service)!;
    const { id, totalId, capped } = this.books.get(serviceId)!.get(batch.environment)!.resolve(endpoint);
    this.gathering.totals.set(id, totalId);
    this.gathering.addOutcomes(id, endpoint.outcomes, atMs);
    if (capped) this.loseName(batch, endpoint);
    if (endpoint.users.length === 0) return;
    const users = this.gathering.usersOf(id, atMs);
    const service = { id: serviceId, name: batch.service };
    for (const series of endpoint.users) addUser(users, this.users.find(service, series.id, atMs), series);
  }

  private gatherLosses(batch: Batch): void {
    for (const [reason, count] of batch.losses) this.lose(batch, reason, count);
  }

  private loseName(batch: Batch, endpoint: EndpointSeries): void {
    const count = Object.values(endpoint.outcomes).reduce((sum, payload) => sum + countOf(payload), 0);
    this.lose(batch, "server_endpoint_cap", count);
  }

  private lose({ service, environment, window }: Batch, reason: string, count: number): void {
    this.losses.push({ serviceId: this.services.get(service)!, environment, atMs: window.startMs, reason, count });
  }

  private async endpointParts(): Promise<EndpointPart[]> {
    const parts: EndpointPart[] = [];
    const totals = new Gathering();
    for (const [endpointId, { spans }] of this.gathering.endpoints) {
      const total = getOrAdd(totals.endpoints, this.gathering.totals.get(endpointId)!, newGathered);
      for (const [startMs, windows] of spans) {
        const part = partOf(endpointId, startMs, windows);
        parts.push(part.part);
        const sums = getOrAdd(total.spans, startMs, () => new Map());
        for (const [key, payload] of part.sums) getOrAdd(sums, key, () => []).push(payload);
        await this.pace.rest();
      }
    }
    for (const [endpointId, { spans }] of totals.endpoints)
      for (const [startMs, windows] of spans) parts.push(partOf(endpointId, startMs, windows).part);
    return parts.filter(({ payload }) => payload.length > 1);
  }

  private async userParts(): Promise<UserPart[]> {
    const parts: UserPart[] = [];
    for (const [endpointId, { users }] of this.gathering.endpoints)
      for (const [startMs, gathered] of users) {
        const sorted = sortUsers([...gathered.values()]);
        await this.pace.rest();
        const chunks = await keepUsers(sorted, USERS_KEPT, this.pace);
        parts.push({ endpointId, startMs, rolled: false, chunks });
      }
    return parts;
  }

  private releases() {
    const seen = new Map<string, { serviceId: number; environment: string; release: string; atMs: number }>();
    for (const { service, environment, release, window } of this.batches) {
      if (release === undefined) continue;
      const one = { serviceId: this.services.get(service)!, environment, release, atMs: window.startMs };
      seen.set(JSON.stringify(one), one);
    }
    return [...seen.values()];
  }
}

const newGathered = () => ({ spans: new Map<number, SpanWindows>(), users: new Map() });

/** Adds up the windows of one span. */
function partOf(endpointId: number, startMs: number, windows: SpanWindows) {
  const sums = [...windows].map(([key, payloads]) => {
    const bytes = sumPayloads(payloads);
    return [key, { bytes, start: 0, end: bytes.length }] as const;
  });
  const packed = sums.map(([key, { bytes }]) => ({ offset: offsetOf(key), outcome: outcomeOf(key), payload: bytes }));
  const part: EndpointPart = { endpointId, startMs, rolled: false, payload: packEndpoint(packed) };
  return { part, sums };
}
