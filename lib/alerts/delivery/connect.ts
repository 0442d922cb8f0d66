import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { type BlockList, connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { isAllowed } from "./addresses.ts";
import { portOf, targetProblem } from "./target.ts";

/** Every address of a name. */
export type Resolve = (name: string) => Promise<string[]>;

export interface Guard {
  /** Networks that are reached although they are not public. */
  allow: BlockList;
  /** By default as the system does. */
  resolve?: Resolve;
}

/** An address was refused before anything was sent to it. */
export class RefusedTarget extends Error {
  override readonly name = "RefusedTarget";
}

const resolveBySystem: Resolve = async (name) => (await lookup(name, { all: true })).map(({ address }) => address);

/**
 * Connects to a URL's host, if it may be reached. The name is looked up once and the connection goes to the address that was checked, so that
 * a name which means something else a moment later changes nothing; literal addresses go the same way.
 * @throws RefusedTarget; and whatever DNS, TCP and TLS throw
 */
export async function connectTo(
  url: URL,
  { allow, resolve = resolveBySystem }: Guard,
  signal: AbortSignal,
): Promise<Socket> {
  const problem = targetProblem(url.href);
  if (problem !== null) throw new RefusedTarget(`The address ${problem}.`);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const addresses = isIP(host) === 0 ? await unlessAborted(resolve(host), signal) : [host];
  if (!addresses.every((address) => isAllowed(address, allow))) throw refused();
  const socket = await firstThatAnswers(addresses, portOf(url), signal);
  if (!isAllowed(socket.remoteAddress ?? "", allow)) {
    socket.destroy();
    throw refused();
  }
  return url.protocol === "https:" ? secured(socket, host, signal) : socket;
}

/** IPv4 first: many hosts have an IPv6 address that leads nowhere. */
async function firstThatAnswers(addresses: readonly string[], port: number, signal: AbortSignal): Promise<Socket> {
  const inOrder = [...addresses].sort((a, b) => isIP(a) - isIP(b));
  for (const [index, address] of inOrder.entries()) {
    const socket = connectTcp({ host: address, port });
    try {
      return await ready(socket, "connect", signal);
    } catch (error) {
      if (signal.aborted || index === inOrder.length - 1) throw error;
    }
  }
  throw new Error("The name has no address.");
}

/** The socket once it is connected; destroyed when that fails. Its errors always have a listener: one without ends the process. */
async function ready<S extends Socket>(socket: S, event: "connect" | "secureConnect", signal: AbortSignal): Promise<S> {
  socket.on("error", () => undefined);
  try {
    await once(socket, event, { signal });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

const refused = () =>
  new RefusedTarget(
    "The address leads to a private network. The operator can allow that network with TAILFILL_WEBHOOK_ALLOW.",
  );

async function secured(socket: Socket, host: string, signal: AbortSignal): Promise<Socket> {
  const servername = isIP(host) === 0 ? { servername: host.replace(/\.$/, "") } : {};
  try {
    return await ready(connectTls({ socket, host, ...servername }), "secureConnect", signal);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** For what cannot be called off, as DNS: what comes of it later is of no use. */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const over = new AbortController();
  const aborted = async (): Promise<never> => {
    await once(signal, "abort", { signal: over.signal });
    throw signal.reason as Error;
  };
  try {
    return await Promise.race([promise, aborted()]);
  } finally {
    over.abort();
  }
}
