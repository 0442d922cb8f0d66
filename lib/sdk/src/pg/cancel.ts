import type { Wire } from "./connection.ts";

/** What is used of a client of pg to cancel what it runs. */
export interface CancellableClient {
  connection?: Wire;
  processID?: number | null;
  secretKey?: unknown;
  host?: string;
  port?: number;
  ssl?: unknown;
  sslNegotiation?: string;
  connectionParameters?: { application_name?: unknown };
  /** Sends the next statement, if the connection is ready for it. */
  _pulseQueryQueue?(): void;
}

/** A connection of pg that is only there to say what to cancel. */
interface Messenger {
  stream: { destroy(): void; unref?(): void };
  on(event: "connect" | "sslconnect" | "error" | "end", tell: () => void): unknown;
  connect(portOrPath: number | string | undefined, host?: string): void;
  requestSsl(): void;
  cancel(pid: number, secretKey: unknown): void;
}

/** More at once would be a storm on a database that has enough to do. */
const MOST_AT_ONCE = 10;
const LONGEST_MS = 2_000;

let underWay = 0;

/** Whether a request to cancel may be sent for this client now. */
export function mayCancel(client: CancellableClient): boolean {
  return underWay < MOST_AT_ONCE && canHold(client) && Boolean(client.processID) && Boolean(client.secretKey);
}

/**
 * Asks the database to cancel what this client runs. Until the database has closed that request, which it does after the
 * signal, the client sends nothing: no other statement can be hit. Resolves then, or after two seconds. Never rejects.
 */
export async function cancel(client: CancellableClient): Promise<void> {
  underWay++;
  const release = hold(client);
  try {
    const isKnownOver = await askToCancel(client);
    // The signal may still come, and would hit whatever runs by then.
    if (!isKnownOver) client.connection?.stream.destroy();
  } finally {
    underWay--;
    release();
  }
}

function canHold(client: CancellableClient): boolean {
  return typeof client._pulseQueryQueue === "function" && !Object.hasOwn(client, "_pulseQueryQueue");
}

function hold(client: CancellableClient): () => void {
  const held: CancellableClient = client;
  held._pulseQueryQueue = () => undefined;
  return () => {
    // The class's own is there again.
    delete held._pulseQueryQueue;
    pulse(client);
  };
}

function pulse(client: CancellableClient): void {
  client._pulseQueryQueue?.();
}

/** False when the request was sent, and nobody knows what became of it. */
function askToCancel(client: CancellableClient): Promise<boolean> {
  return new Promise((resolve) => {
    let isSent = false;
    const messenger = messengerTo(client);
    const end = (isKnownOver: boolean): void => {
      clearTimeout(limit);
      messenger.stream.destroy();
      resolve(isKnownOver);
    };
    const send = (): void => {
      isSent = true;
      messenger.cancel(client.processID as number, client.secretKey);
    };
    const limit = setTimeout(() => end(!isSent), LONGEST_MS);
    limit.unref();
    messenger.on("error", () => end(!isSent));
    messenger.on("end", () => end(true));
    messenger.on("sslconnect", send);
    messenger.on("connect", () => {
      if (!client.ssl) send();
      else if (client.sslNegotiation !== "direct") messenger.requestSsl();
    });
    if (client.host?.startsWith("/")) messenger.connect(`${client.host}/.s.PGSQL.${client.port}`);
    else messenger.connect(client.port, client.host);
  });
}

function messengerTo(client: CancellableClient): Messenger {
  const { ssl = false, sslNegotiation } = client;
  // Safe: pg's own class of connections, whose options these are.
  const Connection = client.connection!.constructor as new (options: object) => Messenger;
  return new Connection({ ssl, sslNegotiation });
}
