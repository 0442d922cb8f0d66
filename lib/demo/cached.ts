import { type CachedDefinition, defineCached } from "@tailfill/sdk/cache";
import type { Pool } from "pg";
import * as sql from "./queries.ts";

/** What the shop caches for each user: the same definition serves the handler and the filler. */
export interface ShopCache {
  /** The words of a user's comments. */
  words: CachedDefinition<unknown[]>;
  feed: CachedDefinition<unknown[]>;
}

/** How long a value serves: a day of the shop takes ten minutes, so a minute and a half stands for three hours and a half. */
const TTL = "90s";

/** Makes the shop's definitions. Once in a process: their names are taken then. */
export function shopCache(pool: Pool): ShopCache {
  const rows = async (text: string, user: string): Promise<unknown[]> => (await pool.query(text, [idOf(user)])).rows;
  return {
    words: defineCached({ name: "comment words", ttl: TTL, load: (user) => rows(sql.COMMENT_WORDS, user) }),
    feed: defineCached({ name: "feed", ttl: TTL, load: (user) => rows(sql.FEED, user) }),
  };
}

/** `u_42` is person 42. */
const idOf = (user: string): number => Number(user.slice(2));
