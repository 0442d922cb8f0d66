import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What stands before several web processes: each request goes to the next of them. */
export interface RoundRobin {
  url: string;
  /** Answers that were given for want of one: the process was away, or went away over it. */
  failures: number;
  stop(): Promise<void>;
}

const ASK_EVERY_MS = 100;

/**
 * A plain proxy. A process that cannot be reached at all is passed over; one that goes away over a request is answered for with 502,
 * since nobody knows whether it has stored what it got.
 * @param asksReady sends nothing to processes whose `/api/ready` does not answer 200, as load balancers do
 */
export async function roundRobin(ports: readonly number[], { asksReady = false } = {}): Promise<RoundRobin> {
  const agent = new Agent({ keepAlive: true, maxSockets: 50 });
  const away = new Set<number>();
  let next = 0;
  const proxy = createServer((incoming, outgoing) => void pass(incoming, outgoing));
  const proxied = { url: "", failures: 0, stop };

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    for (let tries = 0; tries < ports.length; tries++) {
      const port = ports[next++ % ports.length]!;
      if (!away.has(port) && (await forward(incoming, outgoing, { port, body: Buffer.concat(chunks) }))) return;
    }
    proxied.failures += 1;
    outgoing.writeHead(503).end();
  }

  /** Returns whether the request was answered: false when nothing of it can have arrived. */
  function forward(
    { method, url, headers }: IncomingMessage,
    outgoing: ServerResponse,
    { port, body }: { port: number; body: Buffer },
  ): Promise<boolean> {
    return new Promise((done) => {
      const passed = request({ host: "127.0.0.1", port, method, path: url, headers, agent }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, ownOf(answer.headers));
        answer.on("error", () => outgoing.destroy());
        answer.pipe(outgoing).on("close", () => done(true));
      });
      passed.on("error", (error: NodeJS.ErrnoException) => {
        if (error.code === "ECONNREFUSED") return done(false);
        proxied.failures += 1;
        if (!outgoing.headersSent) outgoing.writeHead(502).end();
        else outgoing.destroy();
        done(true);
      });
      passed.end(body);
    });
  }

  const asking = asksReady ? setInterval(() => void Promise.all(ports.map(look)), ASK_EVERY_MS) : undefined;
  async function look(port: number): Promise<void> {
    const answer = await fetch(`http://127.0.0.1:${port}/api/ready`).catch(() => undefined);
    if (answer?.status === 200) away.delete(port);
    else away.add(port);
    await answer?.arrayBuffer();
  }

  async function stop(): Promise<void> {
    clearInterval(asking);
    agent.destroy();
    proxy.closeAllConnections();
    await new Promise((done) => proxy.close(done));
  }

  await new Promise<void>((done) => proxy.listen(0, "127.0.0.1", done));
  proxied.url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  return proxied;
}

/** Headers of a connection are not those of the next one. */
function ownOf(headers: IncomingMessage["headers"]): Record<string, string | string[]> {
  const left = Object.entries(headers).filter(([name]) => !/^(connection|keep-alive|transfer-encoding)$/.test(name));
  return Object.fromEntries(left.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
