import { connect, createServer, type Http2ServerRequest, type Http2ServerResponse } from "node:http2";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { tailfill } from "@/lib/sdk/src/adapters/node";
import { until } from "@/test/support/until";
import { recordingClient } from "./recording-client";

const done: (() => void)[] = [];
afterEach(() => done.splice(0).forEach((each) => each()));

function answer(req: Http2ServerRequest, res: Http2ServerResponse): void {
  if (req.url === "/hold") return;
  if (req.url === "/cut") return void res.stream.destroy();
  res.writeHead(req.url === "/teapot" ? 418 : 200);
  res.end("ok");
}

test.each([
  ["/ok", "ok"],
  ["/teapot", "client_error"],
  ["/cut", "server_error"],
  ["/hold", "aborted"],
])("HTTP/2: %s counts once as %s", async (path, outcome) => {
  const client = recordingClient();
  const route = (req: { url?: string }): string | undefined => req.url;
  const server = createServer(tailfill({ client, route }, answer)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  done.push(
    () => session.destroy(),
    () => void server.close(),
  );
  const arrived = once(server, "request");
  const request = session.request({ ":path": path });
  request.on("error", () => undefined).resume();
  await arrived;
  if (path === "/hold") request.close(8);
  await until("it is counted", () => client.samples.length > 0);
  expect(client.samples).toMatchObject([{ method: "GET", route: path, outcome }]);
  expect(client.errors).toEqual([]);
});
