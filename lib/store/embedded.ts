import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Client } from "pg";
import { TailfillError } from "../errors.ts";
import { log } from "../log.ts";
import { keptSecret, openDataDir } from "./data-dir.ts";
import { databaseAccount, giveTo, othersCanReach } from "./embedded-account.ts";
import { binaries } from "./embedded-binaries.ts";
import { type Place, runProgram, type Server, spawnServer } from "./embedded-process.ts";
import { endStaleServer } from "./embedded-stale.ts";

/** The major version whose clusters the installed binaries can open. */
const MAJOR = "18";
const NAME = "tailfill";
const UNFINISHED = "postgres-unfinished-";
/** Unix socket paths end at 107 bytes (103 on macOS), and PostgreSQL adds `/.s.PGSQL.5432`. */
const LONGEST_SOCKET_FOLDER = 85;
/** Recovery after a kill replays at most `max_wal_size`. */
const START_LIMIT_MS = 120_000;
/** No socket yet, nobody listens yet, "the database system is starting up". */
const NOT_YET = new Set(["ENOENT", "ECONNREFUSED", "ECONNRESET", "57P03"]);

/** A PostgreSQL of our own, its cluster in `<data dir>/postgres`. */
export interface Embedded {
  /** Where to connect. It stays the same over restarts. */
  url: string;
  /**
   * Starts the server, makes the cluster and the database on the first call, and waits until it answers.
   * @throws TailfillError `database_start_failed` with the last lines that PostgreSQL printed.
   */
  start(): Promise<Server>;
  /** Removes the socket's folder. The data stay. */
  close(): void;
}

/** Sized for one small server: 64 MB of shared buffers; everything acknowledged is synced to disk. */
const SETTINGS: Record<string, string> = {
  max_connections: "60",
  shared_buffers: "64MB",
  effective_cache_size: "512MB",
  work_mem: "8MB",
  maintenance_work_mem: "64MB",
  max_wal_size: "512MB",
  wal_compression: "pglz",
  max_wal_senders: "0",
  wal_level: "replica", // an online backup needs it
  max_worker_processes: "4",
  max_parallel_workers: "2",
  autovacuum_max_workers: "2",
  io_method: "sync",
  jit: "off",
  timezone: "UTC",
  idle_in_transaction_session_timeout: "60s",
  log_line_prefix: "",
  log_error_verbosity: "terse",
  log_min_error_statement: "panic", // statements and their values stay out of the log
};

/**
 * Prepares the embedded PostgreSQL of a data directory; nothing runs until `start`.
 * The caller must hold the data directory (see data-dir.ts): a server found there is taken for a left-over.
 * @param settings override PostgreSQL's; tests of other things switch `fsync` off
 */
export async function prepareEmbedded(dataDir: string, settings: Record<string, string> = {}): Promise<Embedded> {
  const folder = join(resolve(dataDir), "postgres");
  const account = databaseAccount();
  const password = keptSecret(openDataDir(dataDir), "postgres-password");
  const socket = process.platform === "win32" ? undefined : socketFolder(resolve(dataDir));
  const port = socket === undefined ? await freePort() : 5432;
  const own = { ...SETTINGS, ...settings, ...listenSettings(socket, port) };
  const url =
    socket === undefined ? `postgresql://${NAME}:${password}@127.0.0.1:${port}/${NAME}` : urlOf(password, socket);
  const place = { binaries: binaries(), folder, dataPath: folder, account };
  return {
    url,
    start: () => startServer(place, own, { url, password }),
    close: () => socket !== undefined && rmSync(socket, { recursive: true, force: true }),
  };
}

/**
 * Where the embedded PostgreSQL of a tailfill that runs now is reached, from another process of the same machine.
 * @throws TailfillError `data_dir_held` on Windows, where the port is known to the holder alone
 */
export function runningEmbeddedUrl(dataDir: string): string {
  const note = join(dataDir, "socket-folder");
  if (process.platform === "win32" || !existsSync(note))
    throw new TailfillError("data_dir_held", `${dataDir} is in use, and its database cannot be reached from here.`);
  return urlOf(keptSecret(dataDir, "postgres-password"), readFileSync(note, "utf8"));
}

function urlOf(password: string, socket: string): string {
  return `postgresql://${NAME}:${password}@localhost/${NAME}?host=${encodeURIComponent(socket)}`;
}

interface Access {
  url: string;
  password: string;
}

async function startServer(place: Place, settings: Record<string, string>, access: Access): Promise<Server> {
  if (!existsSync(join(place.folder, "PG_VERSION"))) await makeCluster(place, access.password);
  clearUnfinished(dirname(place.folder));
  refuseOtherMajor(place.folder);
  await endStaleServer(place.folder);
  if (place.account) giveTo(place.account, place.folder);
  const server = spawnServer({ ...place, dataPath: asSeenBy(place, place.folder) }, settings);
  await untilReady(server, access.url);
  return server;
}

/** Made beside its final name and renamed, so that an interrupted first start leaves no half cluster. */
async function makeCluster(place: Place, password: string): Promise<void> {
  const unfinished = mkdtempSync(join(dirname(place.folder), UNFINISHED));
  if (place.account) giveTo(place.account, unfinished);
  const secret = mkdtempSync(join(reachableTmp(), "tf-"));
  writeFileSync(join(secret, "pw"), password, { mode: 0o600 });
  if (place.account) giveTo(place.account, secret);
  try {
    await initialise({ ...place, folder: unfinished, dataPath: asSeenBy(place, unfinished) }, join(secret, "pw"));
    renameSync(unfinished, place.folder);
  } finally {
    rmSync(secret, { recursive: true, force: true });
  }
}

/** What interrupted first starts left. An initdb that outlived a kill may still write there: then the next start clears. */
function clearUnfinished(dataDir: string): void {
  for (const name of readdirSync(dataDir).filter((one) => one.startsWith(UNFINISHED)))
    try {
      rmSync(join(dataDir, name), { recursive: true, force: true });
    } catch (error) {
      log("database").debug(error, `${name} cannot be removed yet`);
    }
}

async function initialise(place: Place, passwordFile: string): Promise<void> {
  const locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
  const access = ["--auth=scram-sha-256", `--username=${NAME}`, `--pwfile=${passwordFile}`];
  const { code, output } = await runProgram(place, "initdb", ["-D", place.dataPath, ...locale, ...access]);
  if (code !== 0) throw startFailure(`PostgreSQL's initdb failed:\n${output.trim()}`);
}

/**
 * The name by which the database's account opens a folder. Root's checkout may lie below a home that is closed to
 * others; Linux resolves `/proc/self/cwd` without walking there, and the programs are started in the folder itself.
 */
function asSeenBy(place: Place, folder: string): string {
  const closed = place.account !== undefined && !othersCanReach(resolve(folder, ".."));
  return closed && process.platform === "linux" ? "/proc/self/cwd" : folder;
}

function refuseOtherMajor(folder: string): void {
  const major = readFileSync(join(folder, "PG_VERSION"), "utf8").trim();
  if (major === MAJOR) return;
  const message = `${folder} belongs to PostgreSQL ${major}, and this tailfill brings PostgreSQL ${MAJOR}. Start the tailfill that wrote it, or see docs/operating.md, "Upgrade".`;
  throw new TailfillError("database_start_failed", message);
}

/** Waits until the server answers and the database exists. */
async function untilReady(server: Server, url: string): Promise<void> {
  let over: string[] | undefined;
  void server.ended.then((lines) => (over = lines));
  const limit = performance.now() + START_LIMIT_MS;
  for (;;) {
    if (over) throw startFailure(`PostgreSQL did not start:\n${over.join("\n")}`);
    const problem = await makeDatabase(url);
    if (problem === undefined) return;
    if (!NOT_YET.has(problem.code ?? "") || performance.now() > limit) {
      await server.stop();
      throw startFailure(`PostgreSQL does not answer: ${problem.message}`);
    }
    await pause(20);
  }
}

function startFailure(message: string): TailfillError {
  return new TailfillError(/No space left on device/.test(message) ? "disk_full" : "database_start_failed", message);
}

async function makeDatabase(url: string): Promise<NodeJS.ErrnoException | undefined> {
  const first = new URL(url);
  first.pathname = "/postgres"; // every cluster has it
  const client = new Client({ connectionString: first.href, connectionTimeoutMillis: 5_000 });
  client.on("error", () => undefined); // told by the query that fails
  try {
    await client.connect();
    const { rowCount } = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [NAME]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${NAME}`);
    return undefined;
  } catch (error) {
    return error as NodeJS.ErrnoException;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** A short folder of its own for the socket. Its name is kept, so that the next start clears it after a kill. */
function socketFolder(dataDir: string): string {
  const note = join(dataDir, "socket-folder");
  if (existsSync(note)) {
    const old = readFileSync(note, "utf8");
    if (/[/]tf-[A-Za-z0-9]+$/.test(old)) rmSync(old, { recursive: true, force: true });
  }
  const folder = mkdtempSync(join(reachableTmp(), "tf-"));
  chmodSync(folder, 0o700);
  const account = databaseAccount();
  if (account) giveTo(account, folder);
  writeFileSync(note, folder);
  return folder;
}

function reachableTmp(): string {
  const own = tmpdir();
  const fits = own.length <= LONGEST_SOCKET_FOLDER && (databaseAccount() === undefined || othersCanReach(own));
  return fits || process.platform === "win32" ? own : "/tmp";
}

function listenSettings(socket: string | undefined, port: number): Record<string, string> {
  if (socket === undefined) return { listen_addresses: "127.0.0.1", port: String(port) };
  return {
    listen_addresses: "",
    unix_socket_directories: socket,
    unix_socket_permissions: "0700",
    port: String(port),
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((done) => probe.once("listening", done));
  const { port } = probe.address() as AddressInfo;
  await new Promise((done) => probe.close(done));
  return port;
}
