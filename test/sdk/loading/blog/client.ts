import { build } from "esbuild";
import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { PrismaOptions } from "@/lib/sdk/src/prisma/index";
import type { AdapterFactory } from "@/lib/sdk/src/prisma/driver-adapter";

type Row = Record<string, never> & { id: number; authorId: number; editorId: number | null; postId: number };
type Ask<Answer> = (args?: object) => Promise<Answer>;

export interface Delegate {
  findMany: Ask<(Row & Record<string, unknown>)[]>;
  findFirst: Ask<(Row & Record<string, unknown>) | null>;
  findUnique: Ask<(Row & Record<string, unknown>) | null>;
  count: Ask<number>;
  create: Ask<Row>;
  createMany: Ask<{ count: number }>;
  update: Ask<Row>;
  delete: Ask<Row>;
  deleteMany: Ask<{ count: number }>;
}

/** What is used of the client that is generated for `schema.prisma`. */
export interface Blog {
  author: Delegate;
  post: Delegate;
  comment: Delegate;
  tag: Delegate;
  visit: Delegate;
  $transaction<Result>(work: (tx: Blog) => Promise<Result>): Promise<Result>;
  $transaction(list: Promise<unknown>[]): Promise<unknown[]>;
  $extends(extension: object): Blog;
  $on(event: string, listener: (event: { query: string }) => void): void;
  $disconnect(): Promise<void>;
}

export type BlogClass = new (options: PrismaOptions<AdapterFactory>) => Blog;

const here = fileURLToPath(new URL(".", import.meta.url));
const root = fileURLToPath(new URL("../../../..", import.meta.url));

/** Generates the client. */
export async function blogClient(): Promise<{
  PrismaClient: BlogClass;
  /** A module of its own, with all but packages in it. */
  file: string;
  remove: () => Promise<void>;
}> {
  const cache = join(root, "node_modules/.cache");
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, "blog-"));
  for (const name of ["schema.prisma", "prisma.config.ts"]) await cp(join(here, name), join(folder, name));
  await generate(folder);
  const outfile = join(folder, "client.mjs");
  const entryPoints = [join(folder, "generated/client.ts")];
  await build({ entryPoints, outfile, bundle: true, packages: "external", platform: "node", format: "esm" });
  const { PrismaClient } = (await import(pathToFileURL(outfile).href)) as { PrismaClient: BlogClass };
  return { PrismaClient, file: outfile, remove: () => rm(folder, { recursive: true, force: true }) };
}

function generate(cwd: string): Promise<void> {
  // Prisma gets an executable so that it downloads none.
  const env = { ...process.env, CHECKPOINT_DISABLE: "1", PRISMA_SCHEMA_ENGINE_BINARY: process.execPath };
  const child = spawn(process.execPath, [join(root, "node_modules/prisma/build/index.js"), "generate"], { cwd, env });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (said += String(chunk)));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => (code === 0 ? resolve() : reject(new Error(said))));
  });
}
