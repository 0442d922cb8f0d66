import { createServer, type RequestListener, type Server } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { isAllowed, networks } from "@/lib/alerts/delivery/addresses";
import { RefusedTarget, type Guard } from "@/lib/alerts/delivery/connect";
import { post } from "@/lib/alerts/delivery/post";
import { targetProblem } from "@/lib/alerts/delivery/target";

/** Listens on every address of this machine, and counts what arrives: connections, not only requests. */
let server: Server;
let port = 0;
let arrived = 0;
let connected = 0;
let respond: RequestListener;

beforeAll(async () => {
  server = createServer((request, response) => {
    arrived += 1;
    respond(request, response);
  });
  server.on("connection", () => (connected += 1));
  await new Promise<void>((done) => server.listen(0, "0.0.0.0", done));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => new Promise((done) => server.close(done).closeAllConnections()));
beforeEach(() => {
  respond = (_, response) => response.end("thanks");
  arrived = connected = 0;
});
afterEach(() => server.closeAllConnections());

const send = (url: string, guard: Partial<Guard> = {}, limitMs?: number) =>
  post({ url: url.replace("PORT", String(port)), headers: {}, body: "{}" }, { allow: networks([]), ...guard }, limitMs);

/** Stands in for DNS: private names, and names that lead to this machine. */
const resolve = (name: string) =>
  Promise.resolve(
    { "inside.example": ["10.1.2.3"], "here.example": ["127.0.0.1"], "half.example": ["93.184.216.34", "127.0.0.1"] }[
      name
    ] ?? ["127.0.0.1"],
  );

const FORBIDDEN = [
  "http://127.0.0.1:PORT/",
  "http://127.1:PORT/",
  "http://127.0.0.2:PORT/",
  "http://0.0.0.0:PORT/",
  "http://0:PORT/",
  "http://2130706433:PORT/",
  "http://0x7f000001:PORT/",
  "http://0x7f.0.0.1:PORT/",
  "http://017700000001:PORT/",
  "http://0177.0.0.01:PORT/",
  "http://①②⑦.⓪.⓪.①:PORT/",
  "http://127.0.0.1.:PORT/",
  "http://localhost:PORT/",
  "http://localhost.:PORT/",
  "http://LOCALHOST:PORT/",
  "http://hook.localhost:PORT/",
  "http://[::1]:PORT/",
  "http://[::]:PORT/",
  "http://[::ffff:127.0.0.1]:PORT/",
  "http://[::ffff:7f00:1]:PORT/",
  "http://[::127.0.0.1]:PORT/",
  "http://[64:ff9b::7f00:1]:PORT/",
  "http://[64:ff9b:1::7f00:1]:PORT/",
  "http://[2002:7f00:1::]:PORT/",
  "http://[2001::80ff:fffe]:PORT/",
  "http://[fe80::1]:PORT/",
  "http://[fd00:ec2::254]/latest/meta-data/",
  "http://169.254.169.254/latest/meta-data/",
  "http://100.100.100.200/latest/meta-data/",
  "http://168.63.129.16/machine",
  "http://192.0.0.192/opc/v2/",
  "http://10.0.0.1/",
  "http://172.31.255.255/",
  "http://192.168.1.1/",
  "http://224.0.0.1/",
  "http://255.255.255.255/",
  "http://inside.example/",
  "http://here.example:PORT/",
  "http://half.example:PORT/",
  "http://someone:secret@here.example:PORT/",
  "http://93.184.216.34:22/",
  "http://93.184.216.34:6379/",
  "ftp://93.184.216.34/",
  "file:///etc/passwd",
];

describe("targets that are refused", () => {
  test("there are more than thirty", () => expect(FORBIDDEN.length).toBeGreaterThan(30));

  test.each(FORBIDDEN)("%s", async (url) => {
    await expect(send(url, { resolve })).rejects.toThrow(RefusedTarget);
    expect([connected, arrived]).toEqual([0, 0]);
  });

  test("what the system's own names lead to", async () => {
    await expect(send("http://localhost:PORT/")).rejects.toThrow(RefusedTarget);
    expect(connected).toBe(0);
  });

  test("the reason tells what to do, and nothing about the network", async () => {
    await expect(send("http://inside.example/", { resolve })).rejects.toThrow(/TAILFILL_WEBHOOK_ALLOW/);
    await expect(send("http://inside.example/", { resolve })).rejects.not.toThrow(/10\.1\.2\.3/);
  });
});

describe("what a name means changes", () => {
  // 127.0.0.2 stands for a public address here: the guard sees only what is allowed and what is not.
  const allow = networks(["127.0.0.2/32"]);

  test("between the check and the connection: it goes to what was checked", async () => {
    const answers = ["127.0.0.2", "127.0.0.1", "127.0.0.1"];
    let asked = 0;
    const reached: (string | undefined)[] = [];
    respond = (request, response) => {
      reached.push(request.socket.localAddress);
      response.end();
    };
    await send("http://hook.example:PORT/", { allow, resolve: () => Promise.resolve([answers[asked++]!]) });
    expect([asked, reached]).toEqual([1, ["127.0.0.2"]]);
  });

  test("between two deliveries: the second is refused", async () => {
    const answers = ["127.0.0.2", "127.0.0.1"];
    const guard = { allow, resolve: () => Promise.resolve([answers.shift()!]) };
    expect(await send("http://hook.example:PORT/", guard)).toMatchObject({ status: 200 });
    await expect(send("http://hook.example:PORT/", guard)).rejects.toThrow(RefusedTarget);
    expect(arrived).toBe(1);
  });

  test.each([301, 302, 303, 307, 308])("a redirect (%i) is an answer like any other", async (status) => {
    respond = (_, response) => response.writeHead(status, { location: `http://127.0.0.1:${port}/secret` }).end();
    expect(await send("http://hook.example:PORT/", { allow, resolve: async () => ["127.0.0.2"] })).toMatchObject({
      status,
    });
    expect(arrived).toBe(1);
  });
});

test("a connection whose other end is not what was checked is closed before anything is sent", async () => {
  // Linux takes 0.0.0.0 for this machine: the other end says that it is 127.0.0.1, which nobody allowed.
  let bytes = 0;
  const closed = new Promise<void>((done) => {
    server.once("connection", (socket) => {
      socket.on("data", (chunk: Buffer) => (bytes += chunk.length)).on("close", () => done());
    });
  });
  await expect(send("http://0.0.0.0:PORT/", { allow: networks(["0.0.0.0/32"]) })).rejects.toThrow(RefusedTarget);
  await closed;
  expect([connected, bytes, arrived]).toEqual([1, 0, 0]);
});

describe("what is allowed", () => {
  test("a private network that the operator allows, and no other", async () => {
    const allow = networks(["127.0.0.0/8"]);
    expect(await send("http://127.0.0.1:PORT/hook?a=1", { allow })).toMatchObject({ status: 200, answer: "thanks" });
    expect(await send("http://[::ffff:127.0.0.1]:PORT/", { allow })).toMatchObject({ status: 200 });
    await expect(send("http://192.168.1.1/", { allow })).rejects.toThrow(RefusedTarget);
    await expect(send("http://[::1]:PORT/", { allow })).rejects.toThrow(RefusedTarget);
  });

  test("the next address, when the first does not answer", async () => {
    const allow = networks(["127.0.0.0/8", "::1/128"]);
    const resolve = () => Promise.resolve(["::1", "127.0.0.1"]);
    expect(await send("http://hook.example:PORT/", { allow, resolve })).toMatchObject({ status: 200 });
  });

  test.each(["93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946", "2a00:1450:4001::200e"])(
    "%s",
    (address) => expect(isAllowed(address, networks([]))).toBe(true),
  );
  test.each(["", "example.com", "127.0.0.1\0", "::ffff:10.0.0.1", "fe80::1%eth0", "ff02::1", "2001:db8::1"])(
    "%j is not",
    (address) => expect(isAllowed(address, networks([]))).toBe(false),
  );
  test.each(["https://example.com/hook?x=1", "http://example.com:8080", "https://example.com:8443/a"])("%s", (url) =>
    expect(targetProblem(url)).toBeNull(),
  );
  test.each(["", "hook", "//example.com", "javascript:alert(1)", `https://example.com/${"x".repeat(2_000)}`])(
    "%.30j is no address",
    (url) => expect(targetProblem(url)).not.toBeNull(),
  );
});

describe("a receiver that does not answer well", () => {
  const allow = networks(["127.0.0.0/8"]);

  test("one that hangs is given up", async () => {
    respond = () => undefined;
    await expect(send("http://127.0.0.1:PORT/", { allow }, 50)).rejects.toThrow(/aborted|timeout/i);
  });

  test("one whose name is never found is given up", async () => {
    const never = () => new Promise<string[]>(() => undefined);
    await expect(send("http://hook.example/", { allow, resolve: never }, 50)).rejects.toThrow(/aborted|timeout/i);
  });

  test("one that never ends its answer is read no further than is kept", async () => {
    respond = (_, response) => void response.write("x".repeat(5_000));
    expect((await send("http://127.0.0.1:PORT/", { allow })).answer).toHaveLength(1_000);
  });

  test("one that drips its answer is given up", async () => {
    respond = (_, response) => void response.write("x");
    await expect(send("http://127.0.0.1:PORT/", { allow }, 100)).rejects.toThrow();
  });

  test("one that speaks no TLS, or closes at once", async () => {
    await expect(send("https://127.0.0.1:PORT/", { allow })).rejects.toThrow();
    const closing = createTcpServer((socket) => socket.destroy());
    await new Promise<void>((done) => closing.listen(0, "127.0.0.1", done));
    await expect(send(`http://127.0.0.1:${(closing.address() as AddressInfo).port}/`, { allow })).rejects.toThrow();
    await new Promise((done) => closing.close(done));
  });
});
