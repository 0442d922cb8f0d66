import type { AddressInfo } from "node:net";
import { tailfill } from "@tailfill/sdk/express";
import { createTailfill } from "@tailfill/sdk";
import type { Request } from "express";
import { openShopDatabase } from "./database.ts";
import { randomFrom } from "./random.ts";
import { createShop } from "./shop.ts";
import { startTraffic } from "./traffic.ts";

export interface DemoOptions {
  /** Where tailfill listens. */
  url: string;
  apiKey: string;
  /** tailfill's database; the shop makes its own beside it. */
  databaseUrl: string;
}

export interface Demo {
  /** Where the shop listens, on loopback. */
  url: string;
  stop(): Promise<void>;
}

/** Starts the demo shop, instrumented as README says, and its traffic. */
export async function runDemo({ url, apiKey, databaseUrl }: DemoOptions): Promise<Demo> {
  const pool = await openShopDatabase(databaseUrl);
  const client = createTailfill({
    url,
    apiKey,
    service: "shop",
    environment: "demo",
    release: "1.8.0",
    user: (req) => (req as Request & { person?: { name: string } }).person?.name,
  });
  const shop = createShop(pool, tailfill(client));
  const server = shop.listen(0, "127.0.0.1");
  await new Promise((resolve, reject) => server.once("listening", resolve).once("error", reject));
  const { port } = server.address() as AddressInfo;
  const traffic = startTraffic(port, randomFrom(20_261_122));
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      traffic.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await client.stop();
      await pool.end();
    },
  };
}
