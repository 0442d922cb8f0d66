import { fork, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createApiKey, type Scope } from "@/lib/auth/api-keys";
import { createFirstUser } from "@/lib/auth/first-user";
import { childEnvironment } from "@/lib/config";
import type { Db } from "@/lib/store/db";
import { repositoryRoot } from "@/lib/store/repository-root";
import { testDatabase } from "./database.ts";
import { freePort } from "./free-port.ts";
import { until } from "./until.ts";

export interface TestServer {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  url: string;
  db: Db;
  databaseUrl: string;
  owner: { email: string; password: string };
  /** A key of the server with these scopes. */
  key(...scopes: Scope[]): Promise<string>;
  /** Signs the owner in: the `Cookie` header of a new session. */
  signIn(): Promise<string>;
  /** What the processes wrote so far, stdout and stderr. */
  output(): string;
  stop(): Promise<void>;
}

export interface TestServerOptions {
  worker?: boolean;
  owner?: boolean;
  env?: Record<string, string>;
}

const OWNER = { email: "owner@example.test", password: "correct horse battery staple" };
const SECRET = "a secret of the tests, never of a server";

/**
 * The built server (dist/web.js, with `worker: true` also dist/worker.js) on a database and a port of its own, with an
 * owner who can sign in (`owner: false` leaves the server without any user). `npm test` builds before; a suite starts one in `beforeAll` and stops it in `afterAll`.
 */
export async function testServer(options: TestServerOptions = {}): Promise<TestServer> {
  const database = await testDatabase();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    DATABASE_URL: database.url,
    TAILFILL_SECRET: SECRET,
    PORT: String(port),
    HOST: "127.0.0.1",
    ...options.env,
  };
  const children = [child("web", env), ...(options.worker ? [child("worker", env)] : [])];
  const written: string[] = [];
  for (const one of children)
    for (const stream of [one.stdout, one.stderr]) stream?.on("data", (data) => written.push(String(data)));
  const stop = async () => {
    await Promise.all(children.map(end));
    await database.drop();
  };
  try {
    if (options.owner !== false) await createFirstUser(database.db, OWNER);
    await until(`the server answers\n${written.join("")}`, () => answers(url, children), 60_000);
  } catch (error) {
    await stop();
    throw new Error(`the server did not start:\n${written.join("")}`, { cause: error });
  }
  const key = async (...scopes: Scope[]) =>
    (await createApiKey({ name: "of a test", scopes, createdBy: null }, database.db)).key;
  const output = () => written.join("");
  return {
    url,
    db: database.db,
    databaseUrl: database.url,
    owner: OWNER,
    key,
    signIn: () => signIn(url),
    output,
    stop,
  };
}

function child(name: string, env: Record<string, string>): ChildProcess {
  const file = join(repositoryRoot(), "dist", `${name}.js`);
  if (!existsSync(file)) throw new Error(`${file} is missing: run \`npm run build\` first`);
  // vitest sets NODE_ENV=test, with which Next.js would not serve a build.
  return fork(file, { env: childEnvironment({ ...env, NODE_ENV: "production" }), execArgv: [], silent: true });
}

async function answers(url: string, children: readonly ChildProcess[]): Promise<boolean> {
  if (children.some((one) => one.exitCode !== null)) throw new Error("a process ended");
  const answer = await fetch(`${url}/sign-in`).catch(() => null);
  await answer?.arrayBuffer(); // a connection with an answer under way would hold up the stop
  return answer?.status === 200;
}

async function end(one: ChildProcess): Promise<void> {
  if (one.exitCode !== null || one.signalCode !== null) return;
  const gone = new Promise((done) => one.once("exit", done));
  one.kill("SIGTERM");
  const late = setTimeout(() => one.kill("SIGKILL"), 8_000);
  await gone;
  clearTimeout(late);
}

async function signIn(url: string): Promise<string> {
  const headers = { "content-type": "application/json", origin: url };
  const answer = await fetch(`${url}/api/auth/sign-in`, { method: "POST", headers, body: JSON.stringify(OWNER) });
  if (answer.status !== 204) throw new Error(`sign-in answered ${answer.status}: ${await answer.text()}`);
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");
}
