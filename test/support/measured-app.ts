import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createTailfill } from "@tailfill/sdk";
import { tailfill } from "@tailfill/sdk/node";

export interface MeasuredApp {
  /** Asks the app for a path as a user, and waits for its answer. */
  ask(path: string, user: string): Promise<number>;
  /** Sends what was measured now instead of at the window's end. */
  flush(): Promise<void>;
  stop(): Promise<void>;
}

interface MeasuredAppOptions {
  /** The tailfill server, and a key for it. */
  url: string;
  apiKey: string;
  service: string;
}

const user = (req: IncomingMessage) => req.headers["x-user"]?.toString();
const route = (req: IncomingMessage) => (req.url ?? "").replace(/\/\d+/, "/:id");
const onError = (error: unknown) => {
  throw error;
};

/** An app on node:http that mounts the built SDK as the Start page says. */
export async function measuredApp({ url, apiKey, service }: MeasuredAppOptions): Promise<MeasuredApp> {
  const client = createTailfill({ url, apiKey, service, environment: "production", user, onError });
  const server = createServer(
    tailfill({ client, route }, (req, res) => {
      res.writeHead(req.url?.startsWith("/broken") ? 500 : 200);
      res.end("done");
    }),
  );
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return {
    ask: async (path, who) => {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { "x-user": who } });
      await answer.text();
      return answer.status;
    },
    flush: () => client.flush(),
    stop: () => end(server, () => client.stop()),
  };
}

async function end(server: Server, stop: () => Promise<void>): Promise<void> {
  await stop();
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
}
