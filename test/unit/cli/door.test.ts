import { createServer, request as ask } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { refuseMalformed } from "@/lib/cli/malformed-address";
import { refuseUnknownMethod } from "@/lib/cli/unknown-method";

describe("at the door", () => {
  const server = createServer((request, response) => {
    if (!refuseUnknownMethod(request, response) && !refuseMalformed(request, response)) response.end("passed on");
  });
  const get = (path: string) => fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);

  beforeAll(() => new Promise<void>((done) => void server.listen(0, "127.0.0.1", done)));
  afterAll(() => new Promise((done) => void server.close(done)));

  it.each(["/api/v1/users/%", "/api/v1/users/%ff", "/users/%E0%A4%A"])("%s is refused as a problem", async (path) => {
    const answer = await get(path);
    expect(answer.status).toBe(400);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(await answer.json()).toMatchObject({ code: "bad_request", status: 400 });
  });

  it.each(["/", "/users/a%2Fb", "/users/%E2%82%AC%20%23%25", "/?q=100%"])("%s is passed on", async (path) => {
    expect(await (await get(path)).text()).toBe("passed on");
  });

  it.each(["TRACE", "PROPFIND", "QUERY"])("the method %s is refused as a problem", async (method) => {
    const { port } = server.address() as AddressInfo;
    const answer = await new Promise<{ status?: number; text: string }>((done, fail) => {
      const sent = ask({ port, host: "127.0.0.1", method, path: "/api/v1/services" }, (response) => {
        let text = "";
        response
          .on("data", (chunk) => (text += String(chunk)))
          .on("end", () => done({ status: response.statusCode!, text }));
      });
      sent.on("error", fail).end();
    });
    expect(answer.status).toBe(501);
    expect(JSON.parse(answer.text)).toMatchObject({ code: "method_unknown", status: 501 });
  });
});
