import { once } from "node:events";
import { existsSync, statSync, watchFile } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Config, readConfig } from "../config.ts";
import { TailfillError } from "../errors.ts";
import { keptSecret, openDataDir } from "../store/data-dir.ts";
import { lockDataDir, refuseIfHeld } from "../store/data-dir-lock.ts";
import { repositoryRoot } from "../store/repository-root.ts";
import { newApiKey } from "../key-format.ts";
import type { Invocation } from "./arguments.ts";
import { askChild } from "./ask-child.ts";
import { built } from "./built.ts";
import { type Child, superviseChild } from "./child.ts";
import { runEmbeddedDatabase } from "./database.ts";
import { freePort } from "./free-port.ts";
import type { Prepared } from "./prepare.ts";
import { START_LIMIT_MS, untilWell } from "./until-well.ts";
import { WITHOUT_LINK } from "./without-link.ts";

const CHILD_STOP_LIMIT_MS = 4_500;

/** What was opened is closed in the opposite order, whatever happened in between. */
type Opened = (() => Promise<void> | void)[];

/** Thrown inside when a signal arrives before the server is ready. */
class StopAsked extends Error {}

/** @throws TailfillError `data_dir_held` when another start holds the data directory; takes and changes nothing */
export async function refuseSecondStart({ config }: Invocation): Promise<void> {
  if (config.databaseUrl === undefined && existsSync(config.dataDir)) await refuseIfHeld(openDataDir(config.dataDir));
}

/**
 * Runs the server until the signal: database, migrations, web, worker (or one of the two). Everything is stopped again before it returns.
 * @throws TailfillError when something that the operator can mend is in the way
 */
export async function runServer(invocation: Invocation, signal: AbortSignal): Promise<void> {
  const opened: Opened = [];
  try {
    await open(invocation, opened, signal);
    if (!signal.aborted) await once(signal, "abort");
  } catch (error) {
    if (!(error instanceof StopAsked)) throw error;
  } finally {
    for (const close of opened.reverse()) await close();
  }
}

async function open(invocation: Invocation, opened: Opened, signal: AbortSignal): Promise<void> {
  const { command, config, only } = invocation;
  const own = config.databaseUrl === undefined ? await openOwn(config, opened) : {};
  const port = String(only === "worker" ? config.port : await freePort(config.host, config.port));
  goOn(signal);
  const mode = command === "dev" ? "development" : "production";
  const env: NodeJS.ProcessEnv = { ...invocation.env, ...own, PORT: port, NODE_ENV: mode };
  if (command === "demo") env["TAILFILL_API_KEY"] ||= keptSecret(openDataDir(config.dataDir), "demo-key", newApiKey);
  if (config.databaseUrl === undefined) {
    const database = await runEmbeddedDatabase(openDataDir(config.dataDir));
    opened.push(() => database.stop());
    Object.assign(env, { DATABASE_URL: database.url, TAILFILL_EMBEDDED: "1" });
  }
  goOn(signal);
  const prepared = prepare(env, only === "worker" ? [WITHOUT_LINK] : [], signal);
  const begun = new Begun();
  const children = startChildren(invocation, env, { ready: prepared, begun: begun.note }); // they load their code meanwhile
  const limitMs = CHILD_STOP_LIMIT_MS + config.drainSeconds * 1000;
  opened.push(() => Promise.all(children.map((child) => child.stop(limitMs))).then(() => undefined));
  const { setupToken } = await prepared;
  if (only === "worker") await announceWorker(begun, signal);
  else await announce(readConfig(env), { setupToken, isAlone: only === "web" }, signal);
}

/** Whether a child has begun its work. */
class Begun {
  private told = (): void => undefined;
  private readonly once = new Promise<void>((done) => (this.told = done));
  readonly note = (): void => this.told();

  /** Whether it did before the signal, and within the time that a start may take. */
  async within(limitMs: number, signal: AbortSignal): Promise<boolean> {
    const late = pause(limitMs, false, { signal, ref: false }).catch(() => false);
    return Promise.race([this.once.then(() => true), late]);
  }
}

function goOn(signal: AbortSignal): void {
  if (signal.aborted) throw new StopAsked();
}

/** The data directory, held from here on, and the secret that lies in it. */
async function openOwn(config: Config, opened: Opened): Promise<Record<string, string>> {
  const dataDir = openDataDir(config.dataDir);
  const lock = await lockDataDir(dataDir);
  opened.push(() => lock.release());
  return { TAILFILL_DATA_DIR: dataDir, TAILFILL_SECRET: config.secret ?? keptSecret(dataDir, "secret") };
}

async function prepare(env: NodeJS.ProcessEnv, args: string[], signal: AbortSignal): Promise<Prepared> {
  const plan = { name: "prepare", file: built("prepare"), args, nodeFlags: [], env };
  const answer = await askChild<Prepared>(plan, signal);
  goOn(signal);
  if (answer === undefined) throw new TailfillError("migration_failed", "The process that migrates ended early.");
  if ("error" in answer) throw new TailfillError(answer.error.code, answer.error.message);
  return answer.value;
}

/** Bounds each process' memory: V8 collects instead of growing to what the machine has. */
const FLAGS = ["--max-old-space-size=512", "--max-semi-space-size=8", "--enable-source-maps"];

function startChildren(
  { command, only }: Invocation,
  env: NodeJS.ProcessEnv,
  shared: { ready: Promise<unknown>; begun: () => void },
): Child[] {
  const plan = (name: string) => ({ name, file: built(name), nodeFlags: FLAGS, env, ...shared });
  if (only !== undefined) return [superviseChild(plan(only))];
  const worker = superviseChild(plan("worker"));
  if (command === "dev") return [developmentWeb(env), restartOnChange(worker, built("worker"))];
  const web = superviseChild(plan("web"));
  return command === "start" ? [web, worker] : [web, worker, superviseChild(plan("demo"))];
}

function developmentWeb(env: NodeJS.ProcessEnv): Child {
  const file = join(repositoryRoot(), "node_modules/next/dist/bin/next");
  const args = ["dev", "--port", env["PORT"] ?? "", "--hostname", readConfig(env).host];
  return superviseChild({ name: "web", file, args, nodeFlags: [], env });
}

/** `npm run dev` builds the worker anew when a source changes. */
function restartOnChange(child: Child, file: string): Child {
  watchFile(file, { interval: 300, persistent: false }, (now, before) => {
    if (now.mtimeMs !== before.mtimeMs && existsSync(file) && statSync(file).size > 0) child.restart();
  });
  return child;
}

/** The one place where `start` talks to people: stdout, nothing else on it. A web process alone does not wait for workers elsewhere. */
async function announce(
  config: Config,
  { setupToken, isAlone }: { setupToken: string | null; isAlone: boolean },
  signal: AbortSignal,
): Promise<void> {
  const host = config.host.includes(":") ? `[${config.host}]` : config.host;
  const url = `http://${host === "0.0.0.0" || host === "[::]" ? "127.0.0.1" : host}:${config.port}`;
  const asked = `${url}/api/${isAlone ? "ready" : "health"}`;
  const unwell = await untilWell(asked, signal);
  goOn(signal);
  if (unwell !== undefined)
    throw new TailfillError("database_unavailable", `${asked} is not well after 90 s: ${unwell}`);
  console.log(`tailfill ready: ${url}`);
  if (setupToken !== null) console.log(`First visit: ${config.publicUrl}/setup?token=${setupToken}`);
}

/** A worker has no address: what it does is seen in the jobs of any web process. */
async function announceWorker(begun: Begun, signal: AbortSignal): Promise<void> {
  const hasBegun = await begun.within(START_LIMIT_MS, signal);
  goOn(signal);
  if (!hasBegun) throw new TailfillError("database_unavailable", "The worker did not begin its jobs within 90 s.");
  console.log("tailfill ready: worker");
}
