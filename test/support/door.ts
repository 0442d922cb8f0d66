import { connect, createServer, type Server, type Socket } from "node:net";

/** A way to a PostgreSQL that can be made to swallow everything, and be shut and opened again. */
export class Door {
  hangs = false;
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  constructor(target: URL) {
    const folder = target.searchParams.get("host");
    const way = folder ? { path: `${folder}/.s.PGSQL.${target.port || 5432}` } : undefined;
    this.server = createServer((inside) => {
      const outside = way ? connect(way) : connect(Number(target.port || 5432), target.hostname);
      for (const [from, to] of [
        [inside, outside],
        [outside, inside],
      ] as const) {
        this.sockets.add(from);
        from.on("data", (chunk) => void (this.hangs || to.write(chunk)));
        from.on("error", () => undefined);
        from.on("close", () => to.destroy());
      }
    });
  }

  /** @param port the one before, when it is opened again */
  async open(port = 0): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(port, "127.0.0.1", resolve));
    return (this.server.address() as { port: number }).port;
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.sockets.clear();
    this.server.close();
  }
}

/** The same database's address, by the door. */
export function byDoor(url: string, port: number): string {
  const address = new URL(url);
  address.hostname = "127.0.0.1";
  address.port = String(port);
  address.searchParams.delete("host");
  return address.href;
}
