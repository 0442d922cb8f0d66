import type { IncomingMessage, ServerResponse } from "node:http";
import { afterEach, expect, test, vi } from "vitest";
import { tailfill } from "@/lib/sdk/src/adapters/node";
import { until } from "@/test/support/until";
import { ask, serve, Wire, type Host } from "./http";
import { recordingClient } from "./recording-client";
import { Script } from "./script";

let host: Host | undefined;
afterEach(() => host?.close());

const route = (req: IncomingMessage): string => req.url ?? "";
const ok = (_req: IncomingMessage, res: ServerResponse): void => void res.end("ok");

test("a client that left before the adapter was reached: aborted, under the route that ran then", async () => {
  const [client, script] = [recordingClient(), new Script()];
  let template = "";
  const inner = tailfill({ client, route: () => template }, () => void (template = "/late"));
  host = await serve((req, res) => void script.hold().then(() => inner(req, res)));
  const wire = await Wire.open(host.port);
  wire.get("/late");
  await until("it is held", () => script.entered === 1);
  wire.socket.destroy();
  await until("the server noticed", async () => (await connections(host)) === 0);
  script.release();
  await until("it is counted", () => client.samples.length > 0);
  expect(client.samples).toMatchObject([{ route: "/late", outcome: "aborted" }]);
});

const connections = (of: Host | undefined): Promise<number> =>
  new Promise((resolve) => of?.server.getConnections((_error, count) => resolve(count)));

test("a response that was closed before the adapter was reached has no time to count", async () => {
  const client = recordingClient();
  const inner = tailfill({ client, route }, () => undefined);
  host = await serve((req, res) => void res.end("early").on("close", () => inner(req, res)));
  expect(await ask(host.port, { path: "/early" })).toMatchObject({ body: "early" });
  await until("it is closed", async () => (await connections(host)) === 0);
  expect(client.samples).toEqual([]);
});

test("many pipelined requests make no leak warning, and leave no listener on the connection", async () => {
  const warned = vi.fn();
  process.on("warning", warned);
  const [client, script] = [recordingClient(), new Script()];
  const sockets = new Set<IncomingMessage["socket"]>();
  host = await serve(
    tailfill({ client, route }, (req: IncomingMessage, res: ServerResponse) => {
      sockets.add(req.socket);
      if (req.url === "/hold") void script.hold().then(() => res.end("late"));
      else ok(req, res);
    }),
  );
  const wire = await Wire.open(host.port);
  wire.get("/hold", ...Array.from({ length: 40 }, (_, n) => `/${n}`));
  await until("the first is held", () => script.entered === 1);
  script.release();
  await until("all are answered", () => wire.answers() === 41);
  await until("all are counted", () => client.samples.length === 41);
  const [socket] = sockets;
  expect(socket?.listenerCount("close")).toBeLessThan(8);
  process.off("warning", warned);
  expect(warned).not.toHaveBeenCalled();
  wire.socket.destroy();
});

test("the handler keeps its `this`, its value and its error", () => {
  const handler = tailfill({ client: recordingClient() }, function (this: unknown, _req: object, _res: object) {
    if (this === undefined) throw new RangeError("on purpose");
    return this;
  });
  const res = { on: () => undefined, socket: {} };
  const self = {};
  expect(handler.call(self, {}, res)).toBe(self);
  expect(() => handler({}, res)).toThrow(RangeError);
});
