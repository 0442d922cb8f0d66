import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { hostname, tmpdir } from "node:os";
import { join, relative } from "node:path";
import { TailfillError } from "../errors.ts";

/**
 * A data directory has one holder at a time. The lock is a Unix socket in it that the holder listens on: the kernel
 * ends it with the process, however that ends, and another process sees at once whether somebody listens, also from a
 * second container on the same volume, where process numbers say nothing. (On Windows it is a named pipe.)
 */
export interface DataDirLock {
  release(): Promise<void>;
}

const SOCKET = "lock";
const HOLDER = "holder.json";
const LONGEST_SOCKET_PATH = 100;
const TRIES = 5;

/**
 * Takes a data directory, also over from a process that is gone.
 * @throws TailfillError `data_dir_held` that names the holder; nothing in the directory was touched
 */
export async function lockDataDir(dataDir: string): Promise<DataDirLock> {
  for (let round = 0; round < TRIES; round++) {
    const server = await tryListen(dataDir);
    if (server !== undefined) return held(dataDir, server);
    if (await isAlive(dataDir, SOCKET)) throw heldByOther(dataDir);
    await clearStale(dataDir);
  }
  throw heldByOther(dataDir);
}

/** @throws TailfillError `data_dir_held` when somebody holds the directory now. Takes nothing. */
export async function refuseIfHeld(dataDir: string): Promise<void> {
  if (await isAlive(dataDir, SOCKET)) throw heldByOther(dataDir);
}

function held(dataDir: string, server: Server): DataDirLock {
  server.unref();
  const holder = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
  writeFileSync(join(dataDir, HOLDER), JSON.stringify(holder));
  const release = () =>
    new Promise<void>((done) => {
      rmSync(join(dataDir, HOLDER), { force: true });
      server.close(() => done()); // removes the socket as well; one that stays is taken for stale
    });
  return { release };
}

function heldByOther(dataDir: string): TailfillError {
  return new TailfillError("data_dir_held", `${dataDir} is in use by ${nameOfHolder(dataDir)}.`);
}

function nameOfHolder(dataDir: string): string {
  try {
    const { pid, host, since } = JSON.parse(readFileSync(join(dataDir, HOLDER), "utf8")) as Record<string, unknown>;
    const elsewhere = host === hostname() ? "" : ` on ${String(host)}`;
    return `process ${String(pid)}${elsewhere} since ${String(since)}`;
  } catch {
    return "another process that starts or stops just now";
  }
}

/** @returns undefined when the address is taken, by a live holder or by a stale socket */
async function tryListen(dataDir: string): Promise<Server | undefined> {
  const server = createServer((connection) => connection.destroy());
  const problem = await withShortPath(dataDir, SOCKET, (path) => {
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

/**
 * Moves a dead socket away. Of several starts that found it dead, one may already have put a live one in its place:
 * what was moved is asked once more, and put back if it lives.
 */
async function clearStale(dataDir: string): Promise<void> {
  const aside = `lock-${randomBytes(4).toString("hex")}`;
  try {
    renameSync(join(dataDir, SOCKET), join(dataDir, aside));
  } catch {
    return; // another start was quicker
  }
  if (await isAlive(dataDir, aside)) renameSync(join(dataDir, aside), join(dataDir, SOCKET));
  else rmSync(join(dataDir, aside), { force: true });
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
