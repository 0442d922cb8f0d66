import { checkPayload, countOf, DecodeError, type Payload } from "../histogram/index.ts";
import type { Batch, DecodedBatch, EndpointSeries, UserSeries } from "./batch.ts";
import { COLUMNS, HAS_HIT, HAS_MISS, MAGIC } from "./batch-writer.ts";
import { ColumnReader, readTexts } from "./column-reader.ts";
import { lossReasonOf } from "./losses.ts";
import { cleanName, MOST_ENDPOINTS, MOST_USER_SERIES, OUTCOMES } from "./names.ts";
import { checkWindow } from "./check-source.ts";
import { Rejections } from "./rejections.ts";
import { WireError } from "./wire-error.ts";

/**
 * Decodes the dense form of an UNTRUSTED batch. Throws `WireError` when it is no batch; a bad histogram or an empty name
 * is rejected alone. All work and memory is bounded by the length of the bytes and by the caps on endpoints and series.
 * Payloads are parts of `bytes`, not copies.
 */
export function decodeBatch(bytes: Uint8Array): DecodedBatch {
  const rejections = new Rejections();
  const reader = new BatchReader(bytes, rejections);
  const batch = reader.read();
  const { listed: rejected, unkept } = rejections;
  return { batch, rejected, unkept, asSent: rejected.length === 0 && !reader.cleaned };
}

/** Decodes what `encodeBatch` made and we stored ourselves. Payloads are parts of `bytes`, not copies. */
export function decodeTrustedBatch(bytes: Uint8Array): Batch {
  return new BatchReader(bytes, null).read();
}

const CACHE_PARTS = [
  ["hit", HAS_HIT],
  ["miss", HAS_MISS],
] as const;

/** Reads a batch; with rejections it trusts nothing, without them it checks no more than lengths. */
class BatchReader {
  private readonly columns: ColumnReader[];
  private rejections: Rejections | null;
  private readonly ids: string[];
  private expected = 0;
  /** Requests of the current endpoint that no user has been told of yet. */
  private left = 0;
  /** Whether a name had to be changed. */
  cleaned = false;

  constructor(bytes: Uint8Array, rejections: Rejections | null) {
    this.rejections = rejections;
    // A Buffer's subarrays are Buffers, which cost several times what a plain view costs.
    this.columns = readColumns(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    if (this.kinds.left > MOST_USER_SERIES) throw new WireError("users");
    const ids = readTexts(this.columns[2]!, this.columns[3]!, MOST_USER_SERIES);
    this.ids = rejections ? ids.map((id) => this.clean(id)) : ids;
  }

  private get endpoints(): ColumnReader {
    return this.columns[1]!;
  }

  private get kinds(): ColumnReader {
    return this.columns[5]!;
  }

  read(): Batch {
    const batch: Batch = { ...readHead(this.columns[0]!, (name) => this.clean(name)), endpoints: [] };
    for (let index = 0; this.endpoints.left > 0; index++) {
      if (index === MOST_ENDPOINTS) throw new WireError("endpoints");
      const endpoint = this.readEndpoint(`endpoints[${index}]`);
      if (endpoint) batch.endpoints.push(endpoint);
    }
    if (this.columns.some((column) => column.left > 0)) throw new WireError("truncated");
    return batch;
  }

  private readEndpoint(path: string): EndpointSeries | null {
    const method = this.clean(this.endpoints.string());
    const route = this.clean(this.endpoints.string());
    const outcomeMask = this.endpoints.byte();
    const users = this.endpoints.varint();
    if (outcomeMask >= 1 << OUTCOMES.length || users > this.kinds.left) throw new WireError("truncated");
    if (!method || !route) return this.passOver(`${path}.${method ? "route" : "method"}`, outcomeMask, users);
    const endpoint: EndpointSeries = { method, route, outcomes: this.readOutcomes(outcomeMask, path), users: [] };
    for (let index = 0; index < users; index++) this.readUser(endpoint.users, path, index);
    return endpoint;
  }

  /** Reads an endpoint that has no name, for no more than the number of its requests. */
  private passOver(path: string, outcomeMask: number, users: number): null {
    const { rejections } = this;
    const within = new Rejections();
    this.rejections = rejections && within;
    this.readOutcomes(outcomeMask, path);
    rejections?.add(path, "name", this.left);
    for (let unreadable = within.unkept.entries; unreadable > 0; unreadable--) rejections?.count(null);
    for (let index = 0; index < users; index++) this.readUser([], path, index);
    this.rejections = rejections;
    return null;
  }

  private readOutcomes(mask: number, path: string): EndpointSeries["outcomes"] {
    const outcomes: EndpointSeries["outcomes"] = {};
    this.left = 0;
    for (const [bit, outcome] of OUTCOMES.entries()) {
      if (!(mask & (1 << bit))) continue;
      const payload = this.columns[8]!.take(this.endpoints.varint());
      const requests = this.countOf(payload, () => `${path}.outcomes.${outcome}`);
      if (requests === null) continue;
      outcomes[outcome] = payload;
      this.left += requests;
    }
    return outcomes;
  }

  private readUser(users: UserSeries[], path: string, index: number): void {
    const id = this.ids[this.readReference()];
    if (id === undefined) throw new WireError("truncated");
    const kind = this.kinds.byte();
    const latency = this.columns[9]!.take(this.columns[6]!.varint());
    const requests = this.countOf(latency, () => `${path}.users[${index}].latency`);
    const user: UserSeries = { id, latency };
    const kept = requests !== null && this.fits(id, requests, () => `${path}.users[${index}]`);
    if (kind !== 0) this.readCache(user, kind, kept ? { requests, path: `${path}.users[${index}]` } : null);
    if (kept) users.push(user);
  }

  /** Whether a user's requests can be told apart within those of the endpoint. */
  private fits(id: string, requests: number, path: () => string): boolean {
    if (!this.rejections) return true;
    if (id === "") this.rejections.add(`${path()}.id`, "name", requests);
    else if (requests > this.left) this.rejections.add(`${path()}.latency`, "exceeds", requests);
    else {
      this.left -= requests;
      return true;
    }
    return false;
  }

  /** `within`: the user that they are parts of, when it is kept. */
  private readCache(user: UserSeries, kind: number, within: { requests: number; path: string } | null): void {
    if (kind > (HAS_HIT | HAS_MISS)) throw new WireError("truncated");
    let requests = 0;
    for (const [part, bit] of CACHE_PARTS) {
      if (!(kind & bit)) continue;
      const payload = this.columns[10]!.take(this.columns[7]!.varint());
      const count = within && this.countOf(payload, () => `${within.path}.${part}`);
      if (count === null) continue;
      user[part] = payload;
      requests += count;
    }
    if (!this.rejections || !within || requests <= within.requests) return;
    for (const [part] of CACHE_PARTS) {
      const payload = user[part];
      if (payload) this.rejections.add(`${within.path}.${part}`, "exceeds", countOf(payload));
      delete user[part];
    }
  }

  private readReference(): number {
    const surprise = this.columns[4]!.varint();
    const number = this.expected + (surprise % 2 === 0 ? surprise / 2 : -(surprise + 1) / 2);
    this.expected = number + 1;
    return number;
  }

  private clean(name: string): string {
    if (!this.rejections) return name;
    const clean = cleanName(name);
    if (clean !== name) this.cleaned = true;
    return clean;
  }

  /** The number of requests in a payload; `null` when it is bad, and then it is rejected. Who trusts does not count. */
  private countOf(payload: Payload, path: () => string): number | null {
    if (!this.rejections) return 0;
    try {
      return checkPayload(payload);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      return this.rejections.add(path(), error.reason, null);
    }
  }
}

/** Who sent a batch, for which window, and what was lost. `clean` is given each name. */
export function readHead(head: ColumnReader, clean: (name: string) => string): Omit<Batch, "endpoints"> {
  const batch = uuidOf(head.take(16));
  const [service, environment, instance, release] = [0, 1, 2, 3].map(() => clean(head.string()));
  if (!service || !environment || !instance) throw new WireError("name");
  const window = { startMs: head.varint(), seconds: head.varint() };
  checkWindow(window);
  const source = { batch, service, environment, instance, ...(release ? { release } : {}), window };
  return { ...source, losses: readLosses(head) };
}

function readLosses(head: ColumnReader): Map<string, number> {
  const losses = new Map<string, number>();
  while (head.left > 0) {
    const reason = lossReasonOf(head.string());
    const sum = (losses.get(reason) ?? 0) + head.varint();
    if (!Number.isSafeInteger(sum)) throw new WireError("losses");
    losses.set(reason, sum);
  }
  return losses;
}

/** The columns' lengths stand in front of all of them, and must fill the rest exactly. */
export function readColumns(bytes: Uint8Array): ColumnReader[] {
  const head = new ColumnReader(bytes, 0, bytes.length);
  if (head.left < MAGIC.length || MAGIC.slice(0, 3).some((byte) => byte !== head.byte())) {
    throw new WireError("not_a_batch");
  }
  if (head.byte() !== MAGIC[3]) throw new WireError("version");
  const lengths = Array.from({ length: COLUMNS }, () => head.varint());
  let start = head.at;
  const columns = lengths.map((length) => new ColumnReader(bytes, start, (start += length)));
  if (start !== bytes.length) throw new WireError("truncated");
  return columns;
}

function uuidOf(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
