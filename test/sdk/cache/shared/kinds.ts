import { BentoCache, bentostore } from "bentocache";
import { memoryDriver } from "bentocache/drivers/memory";
import { kyselyDriver } from "bentocache/drivers/kysely";
import { redisBusDriver, redisDriver } from "bentocache/drivers/redis";
import { Redis } from "ioredis";
import { Kysely, PostgresDialect, sql } from "kysely";
import { Pool } from "pg";
import type { Bento } from "@/lib/sdk/src/cache/bento";
import { sharedCache } from "@/lib/sdk/src/cache/shared-cache";
import { memoryStore } from "@/lib/sdk/src/cache/default-store";
import type { CacheStore } from "@/lib/sdk/src/cache/store";

/** What values may be kept in. Each of the shared ones is one that several processes can open. */
export const KINDS = [
  "memory",
  "memory of one's own",
  "redis",
  "redis without its connection",
  "memory before redis",
  "memory before redis with a bus",
  "memory before redis without its connection",
  "database",
] as const;
export type Kind = (typeof KINDS)[number];

export interface Opened {
  store: CacheStore;
  bento: Bento;
  close(): Promise<void>;
}

export interface Where {
  redisUrl?: string | undefined;
  databaseUrl?: string | undefined;
}

export function open(kind: Kind, where: Where): Promise<Opened> | Opened {
  if (kind === "memory") return { store: memoryStore(), bento: memoryStore().bento, close: async () => undefined };
  if (kind === "memory of one's own") return openMemory();
  return kind === "database" ? openDatabase(where.databaseUrl ?? "") : openRedis(kind, where.redisUrl ?? "");
}

function openMemory(): Opened {
  const store = bentostore().useL1Layer(memoryDriver({ maxItems: 10_000 }));
  const bento = new BentoCache({ default: "test", stores: { test: store } });
  return { store: sharedCache(bento), bento, close: () => bento.disconnect() };
}

function openRedis(kind: Kind, url: string): Opened {
  const connection = new Redis(url, { maxRetriesPerRequest: 1 });
  const busConnection = new Redis(url);
  connection.on("error", () => undefined);
  busConnection.on("error", () => undefined);
  let store = bentostore().useL2Layer(redisDriver({ connection }));
  if (kind.startsWith("memory before")) store = store.useL1Layer(memoryDriver({ maxItems: 10_000 }));
  if (kind.endsWith("a bus")) store = store.useBus(redisBusDriver({ connection: busConnection.options }));
  const bento = new BentoCache({ default: "test", stores: { test: store } });
  const close = async (): Promise<void> => {
    await bento.disconnect();
    connection.disconnect();
    busConnection.disconnect();
  };
  return {
    store: sharedCache(bento, kind.endsWith("without its connection") ? {} : { redis: connection }),
    bento,
    close,
  };
}

/** BentoCache 1.6.1 cannot write to the table that it makes in PostgreSQL: it gives a date to a bigint. */
async function openDatabase(url: string): Promise<Opened> {
  const pool = new Pool({ connectionString: url, max: 4 });
  pool.on("error", () => undefined); // the database is dropped while connections close
  const connection = new Kysely<unknown>({
    dialect: new PostgresDialect({ pool }),
  });
  await sql`CREATE TABLE IF NOT EXISTS bento (key varchar(255) PRIMARY KEY, value text, expires_at timestamptz)`.execute(
    connection,
  );
  const driver = kyselyDriver({ connection, tableName: "bento", autoCreateTable: false, pruneInterval: false });
  const bento = new BentoCache({ default: "test", stores: { test: bentostore().useL2Layer(driver) } });
  return { store: sharedCache(bento), bento, close: () => bento.disconnect() };
}
