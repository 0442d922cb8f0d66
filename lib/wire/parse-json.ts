import { bytesOf, DecodeError, decodeHistogram, type InflateBudget, type Rebucketed } from "../histogram/index.ts";
import type { DecodedBatch, EndpointSeries, UserSeries } from "./batch.ts";
import { lossesOf, sourceOf } from "./json-head.ts";
import { type JsonObject, listOf, nameOf, objectOf, own } from "./json-values.ts";
import { MOST_ENDPOINTS, MOST_USER_SERIES, OUTCOMES } from "./names.ts";
import { Rejections } from "./rejections.ts";
import { badMember, WireError } from "./wire-error.ts";

/** Some hundred bytes of base64 can inflate to the longest histogram; the whole of a batch may not do so 20,000 times. */
const MOST_INFLATED = 64 << 20;

/**
 * Reads the JSON form of an UNTRUSTED batch: what `JSON.parse` returned. Throws `WireError` when it is no batch; a bad
 * histogram, name or sum is rejected alone, and the rest kept. Only own properties with expected names are read, and no
 * object gets a key that the sender chose.
 */
export function parseJsonBatch(value: unknown): DecodedBatch {
  const body = objectOf(value);
  if (!body) throw new WireError("not_a_batch", "the body is not a JSON object");
  if (own(body, "v") !== 1) throw badMember("version", "v", "1, the version that this server knows", own(body, "v"));
  return new JsonBatch(body).read();
}

class JsonBatch {
  private readonly body: JsonObject;
  private readonly rejections = new Rejections();
  private readonly budget: InflateBudget = { bytesLeft: MOST_INFLATED };
  private series = 0;
  private overRange = 0;
  /** Requests of the current endpoint that no user has been told of yet. */
  private left = 0;

  constructor(body: JsonObject) {
    this.body = body;
  }

  read(): DecodedBatch {
    const source = sourceOf(this.body, this.rejections);
    const losses = lossesOf(this.body);
    const endpoints: EndpointSeries[] = [];
    for (const [index, value] of this.listed().entries()) {
      const endpoint = this.readEndpoint(value, `endpoints[${index}]`);
      if (endpoint) endpoints.push(endpoint);
    }
    if (this.overRange > 0) losses.set("over_range", (losses.get("over_range") ?? 0) + this.overRange);
    const { listed: rejected, unkept } = this.rejections;
    return { batch: { ...source, endpoints, losses }, rejected, unkept, asSent: false };
  }

  private listed(): unknown[] {
    const given = own(this.body, "endpoints");
    const listed = listOf(given);
    if (!listed) throw badMember("endpoints", "endpoints", "a list", given);
    if (listed.length <= MOST_ENDPOINTS) return listed;
    throw new WireError("endpoints", `endpoints has ${listed.length} entries; at most ${MOST_ENDPOINTS} are allowed`);
  }

  private readEndpoint(value: unknown, path: string): EndpointSeries | null {
    const endpoint = objectOf(value);
    if (!endpoint) return this.rejections.add(path, "type", null);
    const method = nameOf(own(endpoint, "method"));
    const route = nameOf(own(endpoint, "route"));
    this.left = 0;
    if (method && route) {
      const outcomes = this.readOutcomes(endpoint, path);
      return { method, route, outcomes, users: this.readUsers(endpoint, path) };
    }
    const listed = objectOf(own(endpoint, "outcomes")) ?? {};
    const requests = this.countIn(OUTCOMES.map((outcome) => own(listed, outcome)));
    return this.rejections.add(`${path}.${method ? "route" : "method"}`, "name", requests);
  }

  private readOutcomes(endpoint: JsonObject, path: string): EndpointSeries["outcomes"] {
    const outcomes: EndpointSeries["outcomes"] = {};
    const given = own(endpoint, "outcomes");
    if (given === undefined) return outcomes;
    const listed = objectOf(given);
    if (!listed) this.rejections.add(`${path}.outcomes`, "type", null);
    else this.rejectOthers(listed, `${path}.outcomes`);
    for (const outcome of OUTCOMES) {
      const histogram = listed && this.readHistogram(own(listed, outcome), `${path}.outcomes.${outcome}`);
      if (!histogram) continue;
      outcomes[outcome] = histogram.payload;
      this.left += histogram.count;
      this.overRange += histogram.overRange;
    }
    return outcomes;
  }

  /** Outcomes of other names than the four. */
  private rejectOthers(listed: JsonObject, path: string): void {
    const others = Object.keys(listed).filter((name) => !(OUTCOMES as readonly string[]).includes(name));
    if (others.length > 0) this.rejections.add(path, "outcome", this.countIn(others.map((name) => listed[name])));
  }

  private readUsers(endpoint: JsonObject, path: string): UserSeries[] {
    const given = own(endpoint, "users");
    const listed = given === undefined ? [] : listOf(given);
    if (!listed) this.rejections.add(`${path}.users`, "type", null);
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
    if (!user) return this.rejections.add(path, "type", null);
    const id = nameOf(idOf(own(user, "id")));
    if (!id) return this.rejections.add(`${path}.id`, "name", this.countOf(own(user, "latency")));
    const given = own(user, "latency");
    if (given === undefined) return this.rejections.add(`${path}.latency`, "missing", null);
    const latency = this.readHistogram(given, `${path}.latency`);
    if (!latency) return null;
    if (latency.count > this.left) return this.rejections.add(`${path}.latency`, "exceeds", latency.count);
    this.left -= latency.count;
    return { id, latency: latency.payload, ...this.readCache(user, latency.count, path) };
  }

  private readCache(user: JsonObject, requests: number, path: string): Pick<UserSeries, "hit" | "miss"> {
    const hit = this.readHistogram(own(user, "hit"), `${path}.hit`);
    const miss = this.readHistogram(own(user, "miss"), `${path}.miss`);
    if ((hit?.count ?? 0) + (miss?.count ?? 0) <= requests)
      return { ...(hit ? { hit: hit.payload } : {}), ...(miss ? { miss: miss.payload } : {}) };
    if (hit) this.rejections.add(`${path}.hit`, "exceeds", hit.count);
    if (miss) this.rejections.add(`${path}.miss`, "exceeds", miss.count);
    return {};
  }

  private readHistogram(value: unknown, path: string): Rebucketed | null {
    if (value === undefined) return null;
    try {
      return decodeHistogram(bytesOf(value), this.budget);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      return this.rejections.add(path, error.reason, null);
    }
  }

  /** The requests in histograms that are not kept; those that cannot be read count as entries. */
  private countIn(histograms: readonly unknown[]): number {
    let requests = 0;
    for (const histogram of histograms) {
      const count = histogram === undefined ? 0 : this.countOf(histogram);
      if (count === null) this.rejections.count(null);
      else requests += count;
    }
    return requests;
  }

  private countOf(histogram: unknown): number | null {
    try {
      return decodeHistogram(bytesOf(histogram), this.budget).count;
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      return null;
    }
  }
}

/** A number is taken by its digits, unless JSON has lost some of them: two users must not become one. */
function idOf(given: unknown): unknown {
  return Number.isSafeInteger(given) ? String(given) : given;
}
