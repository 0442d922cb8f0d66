import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { networks } from "@/lib/alerts/delivery/addresses";
import { Deliverer } from "@/lib/alerts/delivery/deliverer";
import { type Secrets, seal } from "@/lib/alerts/delivery/sealed";
import { newSecret } from "@/lib/alerts/delivery/sign";
import { insertEvents } from "@/lib/store/alert-events";
import { insertReceiver, newReceiverId } from "@/lib/store/alert-receivers";
import type { Db } from "@/lib/store/db";
import { uuid7 } from "@/lib/store/uuid7";
import { FakeClock } from "../../../support/clock.ts";
import { testDatabase, type TestDatabase } from "../../../support/database.ts";
import { told } from "../told.ts";

export const SECRET = "a secret of a test, with more than 32 bytes";

export interface Arrived {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A server that receives, and answers as a test says. */
export class Receiving {
  readonly arrived: Arrived[] = [];
  respond: RequestListener = (_, response) => response.end("thanks");
  readonly #server: Server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      this.arrived.push({ path: request.url!, headers: request.headers, body });
      this.respond(request, response);
    });
  });

  async listen(): Promise<this> {
    await new Promise<void>((done) => this.#server.listen(0, "127.0.0.1", done));
    return this;
  }
  url(path = "/hook"): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${path}`;
  }
  /** Ends what hangs, and forgets what came. */
  reset(): void {
    this.#server.closeAllConnections();
    this.arrived.length = 0;
    this.respond = (_, response) => response.end("thanks");
  }
  ids = (): string[] => this.arrived.map(({ headers }) => String(headers["webhook-id"])).sort();
  close(): void {
    this.#server.close().closeAllConnections();
  }
}

export const outsideOf = (clock: FakeClock, limitMs?: number) => ({
  now: clock.now,
  secret: SECRET,
  guard: { allow: networks(["127.0.0.0/8"]) },
  ...(limitMs === undefined ? {} : { limitMs }),
});

/** A worker's deliverer: no jitter, and each round to its end. */
export function worker(db: Db, clock: FakeClock, limitMs?: number) {
  const deliverer = new Deliverer(db, outsideOf(clock, limitMs), () => 0.5);
  return {
    deliverer,
    async round() {
      await deliverer.round();
      await deliverer.settled();
    },
  };
}

let made = 0;

export async function makeReceiver(db: Db, url: string, kind = "webhook"): Promise<{ id: string; secret: string }> {
  const id = newReceiverId(0);
  const secret = newSecret();
  const secrets: Secrets = { url, ...(kind === "webhook" ? { signing: [{ secret, untilMs: null }] } : {}) };
  const row = { id, name: `receiver ${(made += 1)}`, kind, shown: "…", sealed: seal(secrets, id, SECRET) };
  await insertReceiver(db, row, { nowMs: 0, by: null });
  return { id, secret };
}

/** Writes an event as a round does. Returns its id. */
export async function makeEvent(db: Db, receivers: string[], atMs: number): Promise<string> {
  const id = uuid7(atMs);
  const payload = told();
  const event = { id, incidentId: payload.data.incident.id, type: payload.type, atMs, receivers, payload };
  await insertEvents(db, [event]);
  return id;
}

export async function forget(db: Db): Promise<void> {
  await db.$executeRaw`TRUNCATE alert_event, alert_receiver, alert_delivery, alert_attempt`;
}

/** A database and a receiver for the tests of a file; what came is forgotten before each. */
export function receivingRoom(): { room: TestDatabase; receiving: Receiving } {
  const [room, receiving] = [{} as TestDatabase, new Receiving()];
  beforeAll(async () => {
    Object.assign(room, await testDatabase());
    await receiving.listen();
  });
  afterAll(async () => {
    receiving.close();
    await room.drop();
  });
  beforeEach(() => receiving.reset());
  return { room, receiving };
}
