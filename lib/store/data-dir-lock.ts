import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { hostname, tmpdir } from "node:os";
import { join, relative } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { TailfillError } from "../errors.ts";

/**
 * A data directory has one holder at a time. The lock is a Unix socket in it that the holder listens on: the kernel
 * ends it with the process, however that ends, and another process sees at once whether somebody listens, also from a
 * second container on the same volume, where process numbers say nothing. (On Windows it is a named pipe.)
 */
export interface DataDirLock {
  release(): Promise<void>;
}

const PREFIX = "lock-";
const HOLDER = "holder.json";
const LONGEST_SOCKET_PATH = 100;
/** Starts at the same moment may all step back; they try again after random pauses. */
const TRIES = 8;
const LONGEST_PAUSE_MS = 60;

/**
 * Takes a data directory, also after a holder that is gone.
 *
 * Each start first listens on a socket of its own and then looks at the others: of two starts at least one sees the
 * other and steps back. Sockets on which nobody listens are removed by a start that has won, and by no other, so that
 * nobody removes one whose owner is about to listen.
 * @throws TailfillError `data_dir_held` that names the holder; nothing of the holder's was touched
 */
export async function lockDataDir(dataDir: string): Promise<DataDirLock> {
  for (let round = 0; round < TRIES; round++) {
    const own = PREFIX + (process.platform === "win32" ? "only" : randomBytes(6).toString("hex"));
    const server = await tryListen(dataDir, own);
    if (server !== undefined) {
      const others = socketsIn(dataDir).filter((name) => name !== own);
      if (!(await anyAlive(dataDir, others))) {
        for (const stale of others) rmSync(join(dataDir, stale), { force: true });
        return held(dataDir, own, server);
      }
      await closed(server);
      if (await isAlive(dataDir, readHolder(dataDir)?.socket ?? "lock-none")) break; // it has won already
    }
    await pause(Math.random() * LONGEST_PAUSE_MS);
  }
  throw heldByOther(dataDir);
}

/** @throws TailfillError `data_dir_held` when somebody holds the directory now. Takes nothing. */
export async function refuseIfHeld(dataDir: string): Promise<void> {
  if (await anyAlive(dataDir, socketsIn(dataDir))) throw heldByOther(dataDir);
}

function socketsIn(dataDir: string): string[] {
  if (process.platform === "win32") return [`${PREFIX}only`];
  return readdirSync(dataDir).filter((name) => name.startsWith(PREFIX));
}

async function anyAlive(dataDir: string, names: string[]): Promise<boolean> {
  const alive = await Promise.all(names.map((name) => isAlive(dataDir, name)));
  return alive.includes(true);
}

interface Holder {
  pid: number;
  host: string;
  since: string;
  socket: string;
}

function held(dataDir: string, socket: string, server: Server): DataDirLock {
  server.unref();
  const holder: Holder = { pid: process.pid, host: hostname(), since: new Date().toISOString(), socket };
  writeFileSync(join(dataDir, HOLDER), JSON.stringify(holder));
  const release = () => {
    rmSync(join(dataDir, HOLDER), { force: true });
    return closed(server); // removes the socket as well; one that stays is stale to the next start
  };
  return { release };
}

function closed(server: Server): Promise<void> {
  return new Promise((done) => server.close(() => done()));
}

function heldByOther(dataDir: string): TailfillError {
  return new TailfillError("data_dir_held", `${dataDir} is in use by ${nameOfHolder(dataDir)}.`);
}

function nameOfHolder(dataDir: string): string {
  const holder = readHolder(dataDir);
  if (holder === undefined) return "another process that starts or stops just now";
  const elsewhere = holder.host === hostname() ? "" : ` on ${holder.host}`;
  return `process ${holder.pid}${elsewhere} since ${holder.since}`;
}

function readHolder(dataDir: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(join(dataDir, HOLDER), "utf8")) as Holder;
  } catch {
    return undefined; // nobody, or somebody who writes it just now
  }
}

/** @returns undefined when the address is taken (on Windows, where it is the same for all) */
async function tryListen(dataDir: string, name: string): Promise<Server | undefined> {
  const server = createServer((connection) => connection.destroy());
  const problem = await withShortPath(dataDir, name, (path) => {
    const answer = new Promise<NodeJS.ErrnoException | undefined>((done) => {
      server.once("error", done).once("listening", () => done(undefined));
    });
    server.listen({ path, exclusive: true });
    return answer;
  });
  if (problem === undefined) return server;
  if (problem.code === "EADDRINUSE") return undefined;
  const message = `${dataDir} cannot be locked (${problem.code ?? problem.message}): its file system must hold Unix sockets.`;
  throw new TailfillError("bad_setting", message, { cause: problem });
}

function isAlive(dataDir: string, name: string): Promise<boolean> {
  return withShortPath(dataDir, name, (path) => {
    return new Promise<boolean>((done) => {
      const connection = connect({ path });
      connection.once("connect", () => {
        connection.destroy();
        done(true);
      });
      connection.on("error", ({ code }: NodeJS.ErrnoException) => done(code !== "ECONNREFUSED" && code !== "ENOENT"));
    });
  });
}

/** Socket paths are short by law of the kernel: try the absolute and the relative one, else go by a symbolic link. */
async function withShortPath<T>(dataDir: string, name: string, use: (path: string) => Promise<T>): Promise<T> {
  const full = join(dataDir, name);
  if (process.platform === "win32") return use(pipeName(full));
  const short = [full, relative(process.cwd(), full)].find((path) => path.length <= LONGEST_SOCKET_PATH);
  if (short !== undefined) return use(short);
  const folder = mkdtempSync(join(tmpdir(), "tf-"));
  symlinkSync(dataDir, join(folder, "d"));
  try {
    return await use(join(folder, "d", name));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function pipeName(path: string): string {
  return `\\\\.\\pipe\\tailfill-${createHash("sha256").update(path.toLowerCase()).digest("hex").slice(0, 32)}`;
}
