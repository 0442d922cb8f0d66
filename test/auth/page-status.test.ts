import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { honourPageStatus, PAGE_STATUS_HEADER } from "@/lib/auth/page-status";

async function answerOf(listener: RequestListener): Promise<Response> {
  const server = createServer((request, response) => {
    honourPageStatus(response);
    listener(request, response);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  try {
    return await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  } finally {
    server.close();
  }
}

test.each([
  ["410 is honoured", 200, "410", 410],
  ["503 is honoured", 200, "503", 503],
  ["no other status is", 200, "500", 200],
  ["a page that failed stays failed", 500, "410", 500],
  ["a page without the header stays as it is", 200, undefined, 200],
])("%s, with implicit and with explicit headers", async (_, own, wanted, seen) => {
  for (const explicit of [false, true]) {
    const answer = await answerOf((_request, response) => {
      if (wanted !== undefined) response.setHeader(PAGE_STATUS_HEADER, wanted);
      if (explicit) response.writeHead(own, { "x-own": "1" });
      else response.statusCode = own;
      response.end("page");
    });
    expect([explicit, answer.status, answer.headers.get(PAGE_STATUS_HEADER)]).toEqual([explicit, seen, null]);
    expect(answer.headers.get("x-own")).toBe(explicit ? "1" : null);
    expect(await answer.text()).toBe("page");
  }
});
