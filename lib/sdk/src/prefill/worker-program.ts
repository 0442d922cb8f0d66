import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { definitionHub } from "../cache/definition-hub.ts";
import type { CachedDefinition } from "../cache/definition-type.ts";
import type { Client } from "../client-type.ts";
import { createTailfill } from "../client.ts";
import { queueUrl } from "../environment.ts";
import { createFillWorker, type FillWorker } from "./fill-worker.ts";
import { bullmqQueue } from "./queue-bullmq.ts";
import type { FillQueue } from "./queue-type.ts";

const USAGE = `Usage: tailfill-worker <module> [--queue URL] [--concurrency N]

Fills the cache for apps that put their fills into a queue. <module> is what the app imports its definitions from
(./cached.js); it may also export \`client\` (as made by createTailfill) and \`queue\` (as given to createPrefill).

  --queue URL       redis://… or postgresql://…; default TAILFILL_QUEUE_URL
  --concurrency N   most fills at once, whatever the plan says

TAILFILL_URL, TAILFILL_API_KEY, TAILFILL_SERVICE and TAILFILL_ENVIRONMENT are as in the app.
`;

const LONG_MS = 2 ** 30;

/** The program `tailfill-worker`: runs until SIGTERM or SIGINT, and exits with 1 when it cannot start. */
export async function main(args: readonly string[]): Promise<void> {
  try {
    const given = readArguments(args);
    if (given === null) return void process.stdout.write(USAGE);
    const worker = await start(given);
    // Nothing else keeps the process until the first plan has come.
    setInterval(() => undefined, LONG_MS);
    const stop = () => void worker.stop().finally(() => process.exit(0));
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, stop);
    process.stdout.write("tailfill-worker ready\n");
  } catch (error) {
    process.stderr.write(`tailfill-worker: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}

interface Given {
  module: string;
  queue: string | undefined;
  concurrency: number | undefined;
}

/** Null when help was asked for. */
function readArguments(args: readonly string[]): Given | null {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      queue: { type: "string" },
      concurrency: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return null;
  const [module, ...more] = positionals;
  if (module === undefined || more.length > 0) throw new Error(`one module is needed\n\n${USAGE}`);
  const concurrency = values.concurrency === undefined ? undefined : Number(values.concurrency);
  if (concurrency !== undefined && !(Number.isInteger(concurrency) && concurrency > 0))
    throw new Error("--concurrency must be a whole number above 0");
  return { module, queue: values.queue, concurrency };
}

async function start({ module, queue: url = queueUrl(), concurrency }: Given): Promise<FillWorker> {
  const exported = exportsOf(await import(pathToFileURL(resolve(module)).href));
  const client = exported.find(isClient) ?? createTailfill();
  if (!client.enabled) throw new Error("TAILFILL_URL and TAILFILL_API_KEY are not set");
  const queue = exported.find(isQueue) ?? queueAt(url, client);
  if (queue.local) throw new Error("a queue within the process of the app cannot be worked off by another process");
  // What `defineCached` made is known without being exported.
  const definitions = definitionHub().definitions.size > 0 ? [] : exported.filter(isDefinition);
  return createFillWorker({
    client,
    queue,
    ...(definitions.length > 0 ? { definitions } : {}),
    ...(concurrency === undefined ? {} : { concurrency }),
  });
}

function queueAt(url: string | undefined, client: Client): FillQueue {
  if (url === undefined) throw new Error("there is no queue: export `queue`, or set --queue or TAILFILL_QUEUE_URL");
  return bullmqQueue({ url, onError: sayOf(client) });
}

/** Says what the queue's trouble is, when it changes: it may last, and nothing is filled meanwhile. Jobs are not in these texts. */
function sayOf(client: Client): (error: Error) => void {
  let said = "";
  return (error) => {
    client.report(error);
    if (error.message === said) return;
    said = error.message;
    process.stderr.write(`tailfill-worker: the queue: ${error.message}\n`);
  };
}

/** What a module exports, also what a CommonJS module, or a default export, has inside. */
function exportsOf(module: object): unknown[] {
  const inner: unknown = "default" in module ? module.default : undefined;
  const within = typeof inner === "object" && inner !== null && !isDefinition(inner) ? Object.values(inner) : [];
  return [...Object.values(module), ...within];
}

function has<Name extends string>(value: unknown, ...names: Name[]): value is Record<Name, unknown> {
  return typeof value === "object" && value !== null && names.every((name) => name in value);
}

function isDefinition(value: unknown): value is CachedDefinition {
  return has(value, "name", "ttlSeconds", "fill", "isCold", "mark");
}

function isClient(value: unknown): value is Client {
  return has(value, "enabled", "record", "report", "flush");
}

function isQueue(value: unknown): value is FillQueue {
  return has(value, "local", "add", "work", "withdraw");
}
