import { createServer, request, type IncomingHttpHeaders, type RequestListener, type Server } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";

export interface Host {
  port: number;
  server: Server;
  close(): Promise<void>;
}

/** Serves a listener on a free port of this machine. */
export async function serve(
  listener: RequestListener,
  options: Parameters<typeof createServer>[0] = {},
): Promise<Host> {
  const server = createServer(options, listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = (): Promise<void> => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  return { port: (server.address() as AddressInfo).port, server, close };
}

export interface Ask {
  method?: string;
  path: string;
  headers?: Record<string, string>;
  body?: string;
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** One request on a connection of its own. Rejects when the answer breaks off. */
export function ask(port: number, { method = "GET", path, headers = {}, body }: Ask): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const req = request({ port, host: "127.0.0.1", method, path, headers, agent: false }, (res) => {
      let text = "";
      res.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      res.on("end", () => resolve({ status: res.statusCode ?? 0, headers: res.headers, body: text }));
      res.on("error", reject);
    });
    req.on("error", reject);
    req.end(body);
  });
}

/** A bare connection, and all that came back on it. */
export class Wire {
  text = "";
  closed = false;

  private constructor(readonly socket: Socket) {
    socket.setEncoding("latin1").on("data", (chunk: string) => (this.text += chunk));
    socket.on("close", () => (this.closed = true)).on("error", () => undefined);
  }

  static open(port: number): Promise<Wire> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, "127.0.0.1", () => resolve(new Wire(socket)));
      socket.once("error", reject);
    });
  }

  /** Sends GET requests in one write, as a pipelining client does. */
  get(...paths: string[]): void {
    this.socket.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: test\r\n\r\n`).join(""));
  }

  /** How many answers have begun. */
  answers(): number {
    return this.text.match(/HTTP\/1\.1 \d\d\d/g)?.length ?? 0;
  }
}
