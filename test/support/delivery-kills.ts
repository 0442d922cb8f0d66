import { newApiKey } from "@/lib/key-format";
import type { Db } from "@/lib/store/db";
import { Receiving } from "../alerts/delivery/database/support.ts";
import { testDatabase } from "./database.ts";
import { jsonBatch } from "./ingest.ts";
import { serverSuite } from "./server-process.ts";
import { until } from "./until.ts";

/** What a receiver got of one incident. */
export interface Got {
  /** The id of the event. */
  event: string;
  /** The `webhook-id` of each copy. */
  ids: string[];
  /** What the database says of the delivery in the end. */
  state: string;
}

/** A delivery that a killed worker had taken is taken again after 30 s, and then has to be sent. */
const LEASE_OVER_MS = 60_000;

/**
 * Kills a whole server again and again between sending and noting: the receiver does it, when a message has come and before it answers. What came of
 * each incident, one for each kill.
 */
export async function deliveryKills(kills: number): Promise<Got[]> {
  const [room, suite, receiving] = [await testDatabase(), await serverSuite(), await new Receiving().listen()];
  const apiKey = newApiKey();
  const env = {
    DATABASE_URL: room.url,
    TAILFILL_SECRET: "a secret of the tests, never of a server",
    TAILFILL_API_KEY: apiKey,
    TAILFILL_WEBHOOK_ALLOW: "127.0.0.0/8",
  };
  const begin = () => suite.start({ env, isLeader: true });
  try {
    let server = begin();
    const rules = await fireRules({ url: await server.ready(), apiKey }, { kills, receiving, db: room.db });
    server.killAll();
    for (const rule of rules) {
      await server.over();
      await tellNext(room.db, rule);
      const first = firstCopy(receiving);
      server = begin();
      const [id, sinceMs] = [await first, Date.now()];
      // What an earlier kill had left and this life has taken again would otherwise be killed twice.
      await until("nothing else is under way", () => isAlone(room.db, id, sinceMs));
      server.killAll();
    }
    await server.over();
    receiving.respond = (_, response) => response.end();
    server = begin();
    await until("nothing waits any more", () => isAllDelivered(room.db, kills), LEASE_OVER_MS);
    return await gotBy(room.db, receiving, rules);
  } finally {
    receiving.close();
    await suite.clean();
    await room.drop();
  }
}

interface Target {
  url: string;
  apiKey: string;
}

/** Makes a rule and a receiver for each kill, and waits until all rules fire. Nothing is told yet: they wait for what else fires. */
async function fireRules(
  target: Target,
  { kills, receiving, db }: { kills: number; receiving: Receiving; db: Db },
): Promise<string[]> {
  await sendBatch(target);
  const rules: string[] = [];
  for (let kill = 0; kill < kills; kill++) {
    const receiver = { name: `r${kill}`, kind: "webhook", url: receiving.url(`/${kill}`) };
    const { id } = await post(target, "alerts/receivers", receiver);
    const rule = { name: `${kill}`, kind: "silence", ...QUIET, windowSeconds: 60 };
    rules.push((await post(target, "alerts/rules", { ...rule, groupWaitSeconds: 3_600, receivers: [id] })).id);
  }
  await until("every rule fires", async () => (await db.alertIncident.count()) === kills, 60_000);
  return rules;
}

const QUIET = { service: "quiet", environment: "test" };

/** A service that was there, and has been silent since. */
async function sendBatch(target: Target): Promise<void> {
  const start = new Date(Math.floor(Date.now() / 10_000 - 60) * 10_000).toISOString();
  await post(target, "ingest", jsonBatch({ ...QUIET, window: { start, seconds: 10 } }));
}

async function post({ url, apiKey }: Target, path: string, body: object): Promise<{ id: string }> {
  const headers = { authorization: `Bearer ${apiKey}`, "content-type": "application/json" };
  const answer = await fetch(`${url}/api/v1/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as { id: string };
}

/** In the next life of the server, one incident is due, and its round comes at once. */
async function tellNext(db: Db, ruleId: string): Promise<void> {
  await db.$executeRaw`UPDATE alert_incident SET wait_seconds = 0 WHERE rule_id = ${ruleId}::uuid`;
  await db.$executeRaw`UPDATE job_run SET succeeded_at = NULL WHERE job = 'alerts'`;
}

/** The id of the next message that has not come before, which is left without an answer. What has come before is answered. */
function firstCopy(receiving: Receiving): Promise<string> {
  return new Promise((done) => {
    receiving.respond = ({ headers }, response) => {
      const id = String(headers["webhook-id"]);
      if (receiving.ids().filter((one) => one === id).length > 1) response.end();
      else done(id);
    };
  });
}

/** What was taken lately is held for nearly the whole of 30 s yet; what the life before had taken is not. */
async function isAlone(db: Db, id: string, nowMs: number): Promise<boolean> {
  const lately = new Date(nowMs + 27_000);
  const where = { state: "waiting", claimedUntil: { gt: lately }, messageId: { not: id } };
  return (await db.alertDelivery.count({ where })) === 0;
}

async function isAllDelivered(db: Db, kills: number): Promise<boolean> {
  return (await db.alertDelivery.count({ where: { state: "delivered" } })) === kills;
}

async function gotBy(db: Db, receiving: Receiving, rules: readonly string[]): Promise<Got[]> {
  const incidents = await db.alertIncident.findMany({ select: { id: true, ruleId: true } });
  const events = await db.alertEvent.findMany({ where: { type: "incident.opened" } });
  const deliveries = await db.alertDelivery.findMany();
  return rules.map((rule, kill) => {
    const incident = incidents.find(({ ruleId }) => ruleId === rule)!;
    const event = events.find(({ incidentId }) => incidentId === incident.id)!;
    const copies = receiving.arrived.filter(({ path }) => path === `/${kill}`);
    const ids = copies.map(({ headers }) => String(headers["webhook-id"]));
    return { event: event.id, ids, state: deliveries.find(({ messageId }) => messageId === event.id)!.state };
  });
}
