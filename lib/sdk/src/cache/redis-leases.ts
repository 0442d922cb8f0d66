import { createHash, randomBytes } from "node:crypto";
import { LEASE_MS, type Address, type Begun, type Leases } from "./leases.ts";

/** What is used of an ioredis connection, to a single Redis or to a cluster. It must read from primaries, not from replicas. */
export interface RedisConnection {
  get(key: string): Promise<string | null>;
  mget(...keys: string[]): Promise<(string | null)[]>;
  del(key: string): Promise<number>;
  eval(script: string, keys: number, ...keysAndArguments: (string | number)[]): Promise<unknown>;
  evalsha(sha: string, keys: number, ...keysAndArguments: (string | number)[]): Promise<unknown>;
  /** True for a cluster, where one command takes keys of one slot only. */
  isCluster?: boolean;
}

class Script {
  readonly #sha: string;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
    this.#sha = createHash("sha1").update(text).digest("hex");
  }

  async run(redis: RedisConnection, keys: string[], args: (string | number)[]): Promise<unknown> {
    try {
      return await redis.evalsha(this.#sha, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith("NOSCRIPT"))) throw error;
      return redis.eval(this.#text, keys.length, ...keys, ...args);
    }
  }
}

/** The version under KEYS[1], the new one ARGV[1] if there is none, kept for at least ARGV[2] ms. */
const VERSION = `
local version = redis.call("GET", KEYS[1])
if not version then
  version = ARGV[1]
  redis.call("SET", KEYS[1], version, "PX", ARGV[2])
elseif redis.call("PTTL", KEYS[1]) < tonumber(ARGV[2]) then
  redis.call("PEXPIRE", KEYS[1], ARGV[2])
end
`;

const ENSURE = new Script(`${VERSION} return version`);

/** A lease is "token versions". One of other versions was voided: whoever asks takes it. */
const BEGIN = new Script(`${VERSION}
local versions = version .. ARGV[3]
local lease = redis.call("GET", KEYS[2])
if lease and ARGV[6] == "0" then
  local gap = string.find(lease, " ", 1, true)
  if string.sub(lease, gap + 1) == versions then return { versions, string.sub(lease, 1, gap - 1) } end
end
redis.call("SET", KEYS[2], ARGV[4] .. " " .. versions, "PX", ARGV[5])
return { versions, ARGV[4] }`);

/** Prolongs the lease of the token ARGV[1], unless its key was invalidated. */
const RENEW = new Script(`
local lease = redis.call("GET", KEYS[2])
local version = redis.call("GET", KEYS[1])
if not lease or not version then return 0 end
local begin = ARGV[1] .. " " .. version
if string.sub(lease, 1, string.len(begin)) ~= begin then return 0 end
return redis.call("PEXPIRE", KEYS[2], ARGV[2])`);

const END = new Script(`
local lease = redis.call("GET", KEYS[1])
if lease and string.sub(lease, 1, string.len(ARGV[1]) + 1) == ARGV[1] .. " " then return redis.call("DEL", KEYS[1]) end
return 0`);

// The braces put a key's version and its lease into one slot of a cluster.
const versionKey = (name: string): string => `{${name}}:version`;
const leaseKey = (name: string): string => `{${name}}:lease`;

/** Leases in Redis, exact for all processes that share it: what one process invalidates, no other serves from then on. */
export class RedisLeases implements Leases {
  readonly kind = "redis";
  readonly #redis: RedisConnection;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
  }

  async versions({ names }: Address): Promise<string | null> {
    const redis = this.#redis;
    const keys = names.map(versionKey);
    if (keys.length === 1) return redis.get(keys[0] as string);
    const found = redis.isCluster ? await Promise.all(keys.map((key) => redis.get(key))) : await redis.mget(...keys);
    return found.includes(null) ? null : found.join(".");
  }

  async begin({ key, names, lifeMs }: Address, token: string, force = false): Promise<Begun> {
    const tags = await Promise.all(names.slice(1).map((tag) => this.#ensure(tag, lifeMs)));
    const rest = tags.map((version) => `.${version}`).join("");
    const args = [newVersion(), lifeMs, rest, token, LEASE_MS, force ? 1 : 0];
    const begun = await BEGIN.run(this.#redis, [versionKey(key), leaseKey(key)], args);
    const [versions, holder] = begun as [string, string];
    return { versions, holder };
  }

  async renew({ key }: Address, token: string): Promise<boolean> {
    return (await RENEW.run(this.#redis, [versionKey(key), leaseKey(key)], [token, LEASE_MS])) === 1;
  }

  async end({ key }: Address, token: string): Promise<void> {
    await END.run(this.#redis, [leaseKey(key)], [token]);
  }

  async drop(name: string): Promise<void> {
    await this.#redis.del(versionKey(name));
  }

  async #ensure(name: string, lifeMs: number): Promise<string> {
    return (await ENSURE.run(this.#redis, [versionKey(name)], [newVersion(), lifeMs])) as string;
  }
}

/** Never the same twice. It has neither dot nor space. */
export function newVersion(): string {
  return randomBytes(9).toString("base64url");
}
