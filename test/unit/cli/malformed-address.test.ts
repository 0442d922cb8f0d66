import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { refuseMalformed } from "@/lib/cli/malformed-address";

describe("an address", () => {
  const server = createServer((request, response) => {
    if (!refuseMalformed(request, response)) response.end("passed on");
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
});
