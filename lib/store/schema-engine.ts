import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import type { ApplyMigrationsInput, ApplyMigrationsOutput } from "@prisma/schema-engine-wasm";
import { Pool } from "pg";

/** The part of Prisma's schema engine that we use. */
export interface SchemaEngine {
  applyMigrations(input: ApplyMigrationsInput): Promise<ApplyMigrationsOutput>;
  markMigrationRolledBack(input: { migrationName: string }): Promise<unknown>;
  /** Ends its connection, and with it the lock that Prisma holds on it. */
  close(): Promise<void>;
}

type RawEngine = Pick<SchemaEngine, "applyMigrations" | "markMigrationRolledBack"> & { free(): void };

/** What the package's JavaScript half exports; it is made for bundlers, so its two halves are joined by hand here. */
interface Bindings {
  __wbg_set_wasm(exports: WebAssembly.Exports): void;
  SchemaEngine: {
    new: (options: { datamodels: undefined }, log: () => void, adapter: object) => Promise<RawEngine>;
  };
}

let loaded: Promise<Bindings> | undefined;

async function load(): Promise<Bindings> {
  const folder = dirname(createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm"));
  const halves = pathToFileURL(join(folder, "schema_engine_bg.js")).href;
  const bindings = (await import(/* @vite-ignore */ halves)) as Bindings;
  const wasm = await readFile(join(folder, "schema_engine_bg.wasm"));
  // The cast is safe: the object holds the functions that the wasm file imports from its JavaScript half.
  const imports = { "./schema_engine_bg.js": bindings } as unknown as WebAssembly.Imports;
  const { instance } = await WebAssembly.instantiate(wasm, imports);
  bindings.__wbg_set_wasm(instance.exports);
  (instance.exports["__wbindgen_start"] as (() => void) | undefined)?.();
  return bindings;
}

/**
 * Opens Prisma's schema engine (WebAssembly, no download) on a database. An internal package of Prisma's: pinned, and
 * known to this file alone.
 * @param runScript runs a migration's SQL. The adapter's own way is to split it at every semicolon, also at those in
 *   comments and function bodies.
 */
export async function openSchemaEngine(url: string, runScript: (sql: string) => Promise<void>): Promise<SchemaEngine> {
  loaded ??= load();
  const bindings = await loaded;
  const pool = new Pool({ connectionString: url, max: 1 }).on("error", () => undefined);
  const factory = new PrismaPg(pool);
  const connect = factory.connect.bind(factory);
  factory.connect = async () => Object.assign(await connect(), { executeScript: runScript });
  const adapter = bindMigrationAwareSqlAdapterFactory(factory);
  const engine = await bindings.SchemaEngine.new({ datamodels: undefined }, () => undefined, adapter);
  return {
    applyMigrations: (input) => engine.applyMigrations(input),
    markMigrationRolledBack: (input) => engine.markMigrationRolledBack(input),
    close: async () => {
      engine.free();
      await pool.end();
    },
  };
}
