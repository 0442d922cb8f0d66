import {
  type DecodeReason,
  DecodeError,
  decodeHistogram,
  type InflateBudget,
  type Rebucketed,
} from "../histogram/index.ts";
import type { BatchSource, DecodedBatch, EndpointSeries, Rejection, UserSeries } from "./batch.ts";
import { checkWindow } from "./check-source.ts";
import { lossReasonOf } from "./losses.ts";
import { cleanName, MOST_ENDPOINTS, MOST_USER_SERIES, OUTCOMES } from "./names.ts";
import { WireError } from "./wire-error.ts";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;
/** More text than any histogram needs. */
const LONGEST_BASE64 = 460_000;
const MOST_LOSS_REASONS = 64;
/** Some hundred bytes of base64 can inflate to the longest histogram; the whole of a batch may not do so 20,000 times. */
const MOST_INFLATED = 64 << 20;

/**
 * Reads the JSON form of an UNTRUSTED batch: what `JSON.parse` returned. Throws `WireError` when it is no batch; a bad
 * histogram, name or loss count is rejected alone, and the rest kept. Only own properties with expected names are read, and no
 * object gets a key that the sender chose.
 */
export function parseJsonBatch(value: unknown): DecodedBatch {
  const body = objectOf(value);
  if (!body) throw new WireError("not_a_batch");
  if (own(body, "v") !== 1) throw new WireError("version");
  return new JsonBatch(body).read();
}

type JsonObject = Record<string, unknown>;

class JsonBatch {
  private readonly body: JsonObject;
  private readonly rejected: Rejection[] = [];
  private readonly budget: InflateBudget = { bytesLeft: MOST_INFLATED };
  private series = 0;
  private overRange = 0;

  constructor(body: JsonObject) {
    this.body = body;
  }

  read(): DecodedBatch {
    const source = sourceOf(this.body);
    const losses = this.readLosses();
    const listed = listOf(own(this.body, "endpoints"));
    if (!listed || listed.length > MOST_ENDPOINTS) throw new WireError("endpoints");
    const endpoints: EndpointSeries[] = [];
    for (const [index, value] of listed.entries()) {
      const endpoint = this.readEndpoint(value, `endpoints[${index}]`);
      if (endpoint) endpoints.push(endpoint);
    }
    if (this.overRange > 0) losses.set("over_range", (losses.get("over_range") ?? 0) + this.overRange);
    return { batch: { ...source, endpoints, losses }, rejected: this.rejected, asSent: false };
  }

  private readEndpoint(value: unknown, path: string): EndpointSeries | null {
    const endpoint = objectOf(value);
    if (!endpoint) return this.reject(path, "type");
    const method = nameOf(own(endpoint, "method"));
    if (!method) return this.reject(`${path}.method`, "name");
    const route = nameOf(own(endpoint, "route"));
    if (!route) return this.reject(`${path}.route`, "name");
    return { method, route, outcomes: this.readOutcomes(endpoint, path), users: this.readUsers(endpoint, path) };
  }

  private readOutcomes(endpoint: JsonObject, path: string): EndpointSeries["outcomes"] {
    const outcomes: EndpointSeries["outcomes"] = {};
    const given = own(endpoint, "outcomes");
    if (given === undefined) return outcomes;
    const listed = objectOf(given);
    if (!listed) this.reject(`${path}.outcomes`, "type");
    else if (Object.keys(listed).some((name) => !(OUTCOMES as readonly string[]).includes(name))) {
      this.reject(`${path}.outcomes`, "outcome");
    }
    for (const outcome of OUTCOMES) {
      const histogram = listed && this.readHistogram(own(listed, outcome), `${path}.outcomes.${outcome}`);
      if (!histogram) continue;
      outcomes[outcome] = histogram.payload;
      this.overRange += histogram.overRange;
    }
    return outcomes;
  }

  private readUsers(endpoint: JsonObject, path: string): UserSeries[] {
    const given = own(endpoint, "users");
    const listed = given === undefined ? [] : listOf(given);
    if (!listed) this.reject(`${path}.users`, "type");
    const users: UserSeries[] = [];
    this.series += listed?.length ?? 0;
    if (this.series > MOST_USER_SERIES) throw new WireError("users");
    for (const [index, value] of (listed ?? []).entries()) {
      const user = this.readUser(value, `${path}.users[${index}]`);
      if (user) users.push(user);
    }
    return users;
  }

  private readUser(value: unknown, path: string): UserSeries | null {
    const user = objectOf(value);
    if (!user) return this.reject(path, "type");
    const given = own(user, "id");
    const id = nameOf(typeof given === "number" ? String(given) : given);
    if (!id) return this.reject(`${path}.id`, "name");
    const latency = this.readHistogram(own(user, "latency"), `${path}.latency`, "required");
    if (!latency) return null;
    const hit = this.readHistogram(own(user, "hit"), `${path}.hit`)?.payload;
    const miss = this.readHistogram(own(user, "miss"), `${path}.miss`)?.payload;
    return { id, latency: latency.payload, ...(hit ? { hit } : {}), ...(miss ? { miss } : {}) };
  }

  private readHistogram(value: unknown, path: string, presence?: "required"): Rebucketed | null {
    if (value === undefined && !presence) return null;
    try {
      return decodeHistogram(bytesOf(value), this.budget);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      return this.reject(path, error.reason);
    }
  }

  private readLosses(): Map<string, number> {
    const losses = new Map<string, number>();
    const given = own(this.body, "losses");
    if (given === undefined) return losses;
    const listed = objectOf(given);
    const names = listed ? Object.keys(listed) : null;
    if (!listed || !names || names.length > MOST_LOSS_REASONS) throw new WireError("losses");
    for (const name of names) {
      const count = listed[name];
      if (!isCount(count)) throw new WireError("losses");
      const reason = lossReasonOf(name);
      const sum = (losses.get(reason) ?? 0) + count;
      if (!isCount(sum)) throw new WireError("losses");
      if (sum > 0) losses.set(reason, sum);
    }
    return losses;
  }

  private reject(path: string, reason: DecodeReason | "name" | "type" | "outcome"): null {
    this.rejected.push({ path, reason });
    return null;
  }
}

function sourceOf(body: JsonObject): BatchSource {
  const batch = own(body, "batch");
  if (typeof batch !== "string" || !UUID.test(batch.toLowerCase())) throw new WireError("batch_id");
  const service = nameOf(own(body, "service"));
  const environment = nameOf(own(body, "environment"));
  const instance = nameOf(own(body, "instance"));
  if (!service || !environment || !instance) throw new WireError("name");
  const release = nameOf(own(body, "release"));
  const window = windowOf(own(body, "window"));
  return { batch: batch.toLowerCase(), service, environment, instance, ...(release ? { release } : {}), window };
}

function windowOf(value: unknown): BatchSource["window"] {
  const given = objectOf(value);
  const start = given && own(given, "start");
  const seconds = given && own(given, "seconds");
  const isText = typeof start === "string" && TIME.test(start);
  const window = { startMs: isText ? Date.parse(start) : Number.NaN, seconds: Number(seconds) };
  if (typeof seconds !== "number") throw new WireError("window");
  checkWindow(window);
  return window;
}

function bytesOf(value: unknown): Uint8Array {
  if (typeof value !== "string" || value.length > LONGEST_BASE64) throw new DecodeError("base64");
  const bytes = Buffer.from(value, "base64");
  // Node skips what is not base64; fewer bytes than the text has room for tell that it did.
  const characters = value.length - (value.endsWith("==") ? 2 : value.endsWith("=") ? 1 : 0);
  if (bytes.length !== Math.floor((characters * 3) / 4)) throw new DecodeError("base64");
  return bytes;
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function nameOf(value: unknown): string {
  return typeof value === "string" ? cleanName(value) : "";
}

function own(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function objectOf(value: unknown): JsonObject | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}

function listOf(value: unknown): unknown[] | null {
  return Array.isArray(value) ? value : null;
}
