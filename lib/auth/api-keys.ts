import { type Clock, sinceMs, systemClock } from "@/lib/clock";
import { TailfillError } from "@/lib/errors";
import { log } from "@/lib/log";
import {
  countKeys,
  findLiveKey,
  insertChosenKey,
  insertKey,
  listKeys,
  noteKeyUse,
  revokeKey,
  type ApiKeyRow,
} from "@/lib/store/api-keys";
import { withinTime } from "@/lib/store/within-time";
import { db as processDb, type Db } from "@/lib/store/db";
import { hashOfKey, hintOfKey, isApiKey, newApiKey } from "../key-format.ts";

export const SCOPES = ["ingest", "read", "write"] as const;
export type Scope = (typeof SCOPES)[number];
export type { ApiKeyRow } from "@/lib/store/api-keys";

/** What a verified key may do. */
export interface VerifiedKey {
  id: string;
  name: string;
  scopes: Scope[];
}

/** An answer of the database is believed this long: a revoked key is dead in every process within 5 s. */
const BELIEVED_MS = 2_500;
/** Different keys remembered; beyond, the oldest is asked for again. */
const REMEMBERED = 1_000;
const NOTE_USE_EVERY_MS = 60_000;

type Answer = { at: number; row: Promise<ApiKeyRow | null> };

/** Verifies keys against one database, asking it at most once in 2.5 s for each key. */
export class KeyRing {
  readonly #answers = new Map<string, Answer>();
  readonly #notedAt = new Map<string, number>();

  constructor(
    private readonly db: Db,
    private readonly clock: Clock = systemClock,
  ) {}

  /** The key's scopes, or null when it is malformed (no query), unknown or revoked. */
  async verify(key: string): Promise<VerifiedKey | null> {
    if (!isApiKey(key)) return null;
    const row = await this.#ask(hashOfKey(key));
    if (row === null) return null;
    this.#noteUse(row.id);
    return { id: row.id, name: row.name, scopes: SCOPES.filter((scope) => row.scopes.includes(scope)) };
  }

  /** Forgets what was answered, so that a revoke in this process counts at once. */
  forget(): void {
    this.#answers.clear();
  }

  #ask(hash: Uint8Array<ArrayBuffer>): Promise<ApiKeyRow | null> {
    const name = Buffer.from(hash).toString("base64");
    const known = this.#answers.get(name);
    if (known !== undefined && sinceMs(known.at, this.clock.now()) < BELIEVED_MS) return known.row;
    const row = withinTime(findLiveKey(this.db, hash));
    // A failed question is not an answer: the next request asks again.
    row.catch(() => this.#answers.delete(name));
    this.#remember(name, { at: this.clock.now(), row });
    return row;
  }

  #remember(name: string, answer: Answer): void {
    this.#answers.delete(name);
    this.#answers.set(name, answer);
    const oldest = this.#answers.keys().next();
    if (this.#answers.size > REMEMBERED && !oldest.done) this.#answers.delete(oldest.value);
  }

  #noteUse(id: string): void {
    const now = this.clock.now();
    if (now - (this.#notedAt.get(id) ?? -Infinity) < NOTE_USE_EVERY_MS) return;
    this.#notedAt.set(id, now);
    noteKeyUse(this.db, id, new Date(now)).catch((error: unknown) => {
      this.#notedAt.delete(id);
      log("auth").warn({ err: error }, "the use of an API key could not be noted");
    });
  }
}

// One ring a process and pool, though Next.js may evaluate this module once for each bundle.
const shared = globalThis as typeof globalThis & { tailfillKeyRing?: { db: Db; ring: KeyRing } };

export function keyRing(): KeyRing {
  const db = processDb();
  if (shared.tailfillKeyRing?.db !== db) shared.tailfillKeyRing = { db, ring: new KeyRing(db) };
  return shared.tailfillKeyRing.ring;
}

/**
 * Makes a key. `key` is the only copy there will ever be.
 * @throws TailfillError `bad_request` without a name (1 to 100 characters) or without scopes.
 */
export async function createApiKey(
  wanted: { name: string; scopes: readonly Scope[]; createdBy: string | null },
  db: Db = processDb(),
): Promise<{ key: string; row: ApiKeyRow }> {
  const name = wanted.name.trim();
  if (name === "" || name.length > 100)
    throw new TailfillError("bad_request", "A key needs a name of 1 to 100 characters.");
  if (wanted.scopes.length === 0) throw new TailfillError("bad_request", "A key needs at least one scope.");
  const key = newApiKey();
  const scopes = SCOPES.filter((scope) => wanted.scopes.includes(scope));
  const row = await insertKey(db, { ...storedForm(key), name, scopes, createdBy: wanted.createdBy });
  return { key, row };
}

/** The keys of this server, live ones first. */
export function listApiKeys(db: Db = processDb()): Promise<ApiKeyRow[]> {
  return listKeys(db);
}

/** @throws TailfillError `not_found` when no live key has this id. */
export async function revokeApiKey(id: string, db: Db = processDb()): Promise<void> {
  const revoked = UUID.test(id) && (await revokeKey(db, id, new Date()));
  if (!revoked) throw new TailfillError("not_found", "No live API key has this id.");
  shared.tailfillKeyRing?.ring.forget();
}

/**
 * Registers a key that the operator chose (`TAILFILL_API_KEY`), with all scopes, only while there is no key at all.
 * @returns whether it was registered
 * @throws TailfillError `bad_setting` when its check characters are wrong: every request with it would be refused.
 */
export async function registerKeyAtStart(db: Db, key: string): Promise<boolean> {
  if (!isApiKey(key))
    throw new TailfillError(
      "bad_setting",
      "TAILFILL_API_KEY is no API key: its last 6 characters do not fit the rest.",
    );
  if ((await countKeys(db)) > 0) return false;
  return insertChosenKey(db, { ...storedForm(key), name: "from TAILFILL_API_KEY", scopes: [...SCOPES] });
}

function storedForm(key: string) {
  return { hash: hashOfKey(key), hint: hintOfKey(key) };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
