import { randomBytes } from "node:crypto";
import { createServer, connect, type AddressInfo, type Server, type Socket } from "node:net";
import { emptyDatabase } from "@/test/support/database";

/** Where a test's queue lives. */
export interface Backend {
  url: string;
  /** The queue's name. */
  name: string;
  remove(): Promise<void>;
}

const name = () => `fills-${randomBytes(6).toString("hex")}`;

async function postgres(): Promise<Backend> {
  const { url, drop } = await emptyDatabase();
  return { url, name: name(), remove: drop };
}

async function redis(url: string): Promise<Backend> {
  return { url, name: name(), remove: () => Promise.resolve() };
}

const redisUrl = process.env["TEST_REDIS_URL"];
if (redisUrl === undefined) console.log("TEST_REDIS_URL is not set: fills on a queue on Redis are left out");

/** PostgreSQL always, Redis where there is one. */
export const BACKENDS: [string, () => Promise<Backend>][] = [
  ["PostgreSQL", postgres],
  ...(redisUrl === undefined ? [] : [["Redis", () => redis(redisUrl)] as [string, () => Promise<Backend>]]),
];

/** A wire to a backend that a test can cut. */
export class Wire {
  readonly #target: URL;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port = 0;

  constructor(url: string) {
    this.#target = new URL(url);
  }

  /** The backend's address by this wire. */
  get url(): string {
    const url = new URL(this.#target);
    url.hostname = "127.0.0.1";
    url.port = String(this.#port);
    return url.toString();
  }

  async join(): Promise<void> {
    const { hostname, port, protocol } = this.#target;
    const server = createServer((near) => {
      const far = connect(Number(port || (protocol === "redis:" ? 6379 : 5432)), hostname);
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(one);
        one.pipe(other);
        one.on("error", () => other.destroy());
        one.on("close", () => this.#sockets.delete(one));
      }
    });
    await new Promise<void>((resolve) => server.listen(this.#port, "127.0.0.1", resolve));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async cut(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => (this.#server === undefined ? resolve(undefined) : this.#server.close(resolve)));
    this.#server = undefined;
  }
}
