import type { AddressInfo } from "node:net";
import { tailfill } from "@tailfill/sdk/express";
import { createGuard } from "@tailfill/sdk/guard";
import { createPrefill } from "@tailfill/sdk/prefill";
import { createTailfill } from "@tailfill/sdk";
import type { Request } from "express";
import { shopCache } from "./cached.ts";
import { openShopDatabase, openShopPrisma } from "./database.ts";
import { switchOnLater } from "./filling.ts";
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

const SCOPE = { service: "shop", environment: "demo" };
/** In the shop's time, half an hour is about 13 s; nobody clicks more than 5.4 s apart within one visit. */
const SESSION_GAP_SECONDS = 13;

/** Five seconds are long where a day passes in ten minutes. */
const GUARD = { every: "1s", over: "5s", apply: true, applicationNames: ["shop"] } as const;

/** Starts the demo shop, instrumented as README says, and its traffic. */
export async function runDemo({ url, apiKey, databaseUrl }: DemoOptions): Promise<Demo> {
  const database = await openShopDatabase(databaseUrl);
  const { pool } = database;
  const prisma = openShopPrisma(database.url);
  const client = createTailfill({
    url,
    apiKey,
    ...SCOPE,
    release: "1.8.0",
    user: (req) => (req as Request & { person?: { name: string } }).person?.name,
  });
  const prefill = createPrefill({ client, sessionGapSeconds: SESSION_GAP_SECONDS });
  const guard = database.hasOwnRole ? createGuard({ databaseUrl: database.url, client, ...GUARD }) : undefined;
  const shop = createShop({ pool, prisma, cache: shopCache(pool), latency: tailfill(client) });
  const server = shop.listen(0, "127.0.0.1");
  await new Promise((resolve, reject) => server.once("listening", resolve).once("error", reject));
  const { port } = server.address() as AddressInfo;
  const traffic = startTraffic(port, randomFrom(20_261_122));
  const filling = switchOnLater({ url, apiKey, ...SCOPE });
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      filling.stop();
      traffic.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await guard?.stop();
      await prefill.stop();
      await client.stop();
      await prisma.$disconnect();
      await pool.end();
    },
  };
}
