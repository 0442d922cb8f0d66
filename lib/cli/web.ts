import { createServer, type Server } from "node:http";
import next from "next";
import { stampAddress } from "../auth/address.ts";
import { honourPageStatus } from "../auth/page-status.ts";
import { config } from "../config.ts";
import { startBeating } from "./web-beat.ts";
import { flushRefusals } from "../ingest/ingest.ts";
import { log } from "../log.ts";
import { closeDb } from "../store/db.ts";
import { closeReplica } from "../store/replica.ts";
import { repositoryRoot } from "../store/repository-root.ts";
import { runChild } from "./child-life.ts";
import { logConsole } from "./console-log.ts";
import { Drain } from "./drain.ts";
import { answerIngest } from "./ingest-door.ts";
import { answerPlan } from "./plan-door.ts";
import { answerSdk } from "./sdk-door.ts";
import { refuseMalformed } from "./malformed-address.ts";
import { refuseUnknownMethod } from "./unknown-method.ts";

/** A whole request has to arrive within this; slow ones would hold connections for nothing. */
const REQUEST_LIMIT_MS = 15_000;
const HEADERS_LIMIT_MS = 10_000;
const CHECK_EVERY_MS = 1_000;
/** Longer than a batch's window, so that SDKs keep their connection. */
const KEEP_ALIVE_MS = 30_000;
/** Requests under way at a stop get this long. */
const DRAIN_MS = 2_500;

await runChild("web", async (go) => {
  const { host, port, drainSeconds } = config();
  const drain = new Drain(drainSeconds);
  logConsole("pages");
  // By 127.0.0.1 Next.js would take a rewrite of proxy.ts for one to another server: it calls itself localhost there.
  const app = next({ dev: false, dir: repositoryRoot(), hostname: "localhost", port });
  await app.prepare();
  const handle = app.getRequestHandler();
  const server = createServer(
    {
      requestTimeout: REQUEST_LIMIT_MS,
      headersTimeout: HEADERS_LIMIT_MS,
      connectionsCheckingInterval: CHECK_EVERY_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
    },
    (request, response) => {
      if (drain.pass(request, response)) return;
      if (refuseUnknownMethod(request, response) || refuseMalformed(request, response)) return;
      stampAddress(request); // limits of sign-in count by the socket's address, which handlers cannot see
      answerIngest(request, response)
        .then((answered) => answered || answerPlan(request, response))
        .then((answered) => answered || answerSdk(request, response))
        .then((answered) => {
          if (answered) return undefined;
          honourPageStatus(response);
          return handle(request, response);
        })
        .catch((error: unknown) => {
          log("web").error({ err: error }, "a request could not be answered");
          response.destroy();
        });
    },
  );
  await go;
  await new Promise<void>((done, fail) => server.once("error", fail).listen({ host, port }, done));
  const stopBeating = startBeating();
  return {
    stop: ({ atOnce }) =>
      (atOnce ? Promise.resolve() : drain.run())
        .then(() => stopServing(server))
        .then(stopBeating)
        .then(flushRefusals)
        .then(() => Promise.all([app.close(), closeReplica().then(closeDb)]))
        .then(() => undefined),
    stopMs: drainSeconds * 1000,
  };
});

async function stopServing(server: Server): Promise<void> {
  const closed = new Promise((done) => server.close(done));
  server.closeIdleConnections();
  setTimeout(() => server.closeAllConnections(), DRAIN_MS).unref();
  await closed;
}
