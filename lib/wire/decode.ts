import { checkPayload, DecodeError, type Payload } from "../histogram/index.ts";
import type { Batch, DecodedBatch, EndpointSeries, Rejection, UserSeries } from "./batch.ts";
import { COLUMNS, HAS_HIT, HAS_MISS, MAGIC } from "./batch-writer.ts";
import { ColumnReader, readTexts } from "./column-reader.ts";
import { lossReasonOf } from "./losses.ts";
import { cleanName, MOST_ENDPOINTS, MOST_USER_SERIES, OUTCOMES } from "./names.ts";
import { checkWindow } from "./check-source.ts";
import { WireError } from "./wire-error.ts";

/**
 * Decodes the dense form of an UNTRUSTED batch. Throws `WireError` when it is no batch; a bad histogram or an empty name
 * is rejected alone. All work and memory is bounded by the length of the bytes and by the caps on endpoints and series.
 * Payloads are parts of `bytes`, not copies.
 */
export function decodeBatch(bytes: Uint8Array): DecodedBatch {
  const rejected: Rejection[] = [];
  const reader = new BatchReader(bytes, rejected);
  const batch = reader.read();
  return { batch, rejected, asSent: rejected.length === 0 && !reader.cleaned };
}

/** Decodes what `encodeBatch` made and we stored ourselves. Payloads are parts of `bytes`, not copies. */
export function decodeTrustedBatch(bytes: Uint8Array): Batch {
  return new BatchReader(bytes, null).read();
}

/** Reads a batch; with a list of rejections it trusts nothing, without it checks no more than lengths. */
class BatchReader {
  private readonly columns: ColumnReader[];
  private readonly rejected: Rejection[] | null;
  private readonly ids: string[];
  private expected = 0;
  /** Whether a name had to be changed. */
  cleaned = false;

  constructor(bytes: Uint8Array, rejected: Rejection[] | null) {
    this.rejected = rejected;
    // A Buffer's subarrays are Buffers, which cost several times what a plain view costs.
    this.columns = readColumns(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    if (this.kinds.left > MOST_USER_SERIES) throw new WireError("users");
    const ids = readTexts(this.columns[2]!, this.columns[3]!, MOST_USER_SERIES);
    this.ids = rejected ? ids.map((id) => this.clean(id)) : ids;
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
    const endpoint: EndpointSeries = { method, route, outcomes: this.readOutcomes(outcomeMask, path), users: [] };
    for (let index = 0; index < users; index++) this.readUser(endpoint.users, path, index);
    if (method && route) return endpoint;
    this.rejected?.push({ path: `${path}.${method ? "route" : "method"}`, reason: "name" });
    return null;
  }

  private readOutcomes(mask: number, path: string): EndpointSeries["outcomes"] {
    const outcomes: EndpointSeries["outcomes"] = {};
    for (const [bit, outcome] of OUTCOMES.entries()) {
      if (!(mask & (1 << bit))) continue;
      const payload = this.columns[8]!.take(this.endpoints.varint());
      if (this.isGood(payload, () => `${path}.outcomes.${outcome}`)) outcomes[outcome] = payload;
    }
    return outcomes;
  }

  private readUser(users: UserSeries[], path: string, index: number): void {
    const id = this.ids[this.readReference()];
    if (id === undefined) throw new WireError("truncated");
    const kind = this.kinds.byte();
    const latency = this.columns[9]!.take(this.columns[6]!.varint());
    const good = this.isGood(latency, () => `${path}.users[${index}].latency`);
    const user: UserSeries = { id, latency };
    if (kind !== 0) this.readCache(user, kind, `${path}.users[${index}]`);
    if (id === "") this.rejected?.push({ path: `${path}.users[${index}].id`, reason: "name" });
    else if (good) users.push(user);
  }

  private readCache(user: UserSeries, kind: number, path: string): void {
    if (kind > (HAS_HIT | HAS_MISS)) throw new WireError("truncated");
    for (const [part, bit] of [["hit", HAS_HIT] as const, ["miss", HAS_MISS] as const]) {
      if (!(kind & bit)) continue;
      const payload = this.columns[10]!.take(this.columns[7]!.varint());
      if (this.isGood(payload, () => `${path}.${part}`)) user[part] = payload;
    }
  }

  private readReference(): number {
    const surprise = this.columns[4]!.varint();
    const number = this.expected + (surprise % 2 === 0 ? surprise / 2 : -(surprise + 1) / 2);
    this.expected = number + 1;
    return number;
  }

  private clean(name: string): string {
    if (!this.rejected) return name;
    const clean = cleanName(name);
    if (clean !== name) this.cleaned = true;
    return clean;
  }

  private isGood(payload: Payload, path: () => string): boolean {
    if (!this.rejected) return true;
    try {
      checkPayload(payload);
      return true;
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.rejected.push({ path: path(), reason: error.reason });
      return false;
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
