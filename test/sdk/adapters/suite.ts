import type { RequestListener } from "node:http";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { AnyRequest, Client, UserId } from "@/lib/sdk/src/client-type";
import { until } from "@/test/support/until";
import { cases, type Templates } from "./cases";
import { clusterSamples } from "./cluster";
import { ask, serve, Wire, type Host } from "./http";
import { recordingClient, type RecordingClient, type Sample } from "./recording-client";
import { Script } from "./script";

/** A framework, with one app of the same routes as all the others'. */
export interface Fixture {
  name: string;
  templates: Templates;
  /** Who makes a request: what the app's sign-in, which runs after the adapter, has left on it. */
  userOf: (request: AnyRequest) => UserId;
  /** The app, with the adapter mounted once for each of the clients, before everything else. */
  build(clients: readonly Client[], script: Script): RequestListener | Promise<RequestListener>;
}

/** What every adapter promises. */
export function adapterSuite(fixture: Fixture): void {
  describe(fixture.name, () => {
    let client: RecordingClient;
    let script: Script;
    let host: Host;
    let bare: Host;
    const hosts: Host[] = [];

    const start = async (clients: readonly Client[], options = {}): Promise<Host> => {
      const started = await serve(await fixture.build(clients, script), options);
      hosts.push(started);
      return started;
    };
    const samples = (count: number, of = client): Promise<Sample[]> =>
      until(`${count} samples (${of.samples.length} are there)`, () =>
        of.samples.length >= count ? of.samples : null,
      );

    beforeAll(async () => {
      script = new Script();
      client = recordingClient(fixture.userOf);
      host = await start([client]);
      bare = await start([]);
    });
    beforeEach(() => {
      client.samples.length = 0;
      client.errors.length = 0;
      script.entered = 0;
    });
    afterEach(() => script.release());
    afterAll(() => Promise.all(hosts.map((each) => each.close())));

    test.each(cases(fixture.templates))("$name: counted once, and answered as without us", async (each) => {
      const before = performance.now();
      const answer = await ask(host.port, each.ask);
      const [sample] = await samples(1);
      const limitUs = (performance.now() - before) * 1000 + 1;
      expect(answer.status).toBe(each.status);
      if (each.body !== undefined) expect(answer.body).toBe(each.body);
      expect(sample).toEqual({
        method: each.sample.method ?? each.ask.method ?? "GET",
        route: each.sample.route,
        outcome: each.sample.outcome,
        user: each.sample.user,
        latencyUs: expect.any(Number),
      });
      expect(Number.isInteger(sample?.latencyUs)).toBe(true);
      expect(sample?.latencyUs).toBeGreaterThan(0);
      expect(sample?.latencyUs).toBeLessThanOrEqual(limitUs);
      expect(client.samples).toHaveLength(1);
      expect(client.errors).toEqual([]);
      const { date: _, ...headers } = answer.headers;
      const { date: __, ...bareHeaders } = (await ask(bare.port, each.ask)).headers;
      expect(headers).toEqual(bareHeaders);
      expect({ ...(await ask(bare.port, each.ask)), headers: 0 }).toEqual({ ...answer, headers: 0 });
    });

    test("keep-alive: each request on a connection counts", async () => {
      const wire = await Wire.open(host.port);
      for (const path of ["/ok", "/users/1", "/teapot"]) {
        const had = wire.answers();
        wire.get(path);
        await until("it is answered", () => wire.answers() > had);
      }
      expect((await samples(3)).map(({ route }) => route)).toEqual(["/ok", fixture.templates.user, "/teapot"]);
      wire.socket.destroy();
    });

    test("pipelining: requests behind a slow one count with the time they waited", async () => {
      const wire = await Wire.open(host.port);
      wire.get("/hold", "/ok", "/users/1");
      await until("the first is held", () => script.entered === 1);
      script.release();
      await until("three answers", () => wire.answers() === 3);
      const all = await samples(3);
      expect(all.map(({ route, outcome }) => `${route} ${outcome}`).toSorted()).toEqual(
        ["/hold ok", "/ok ok", `${fixture.templates.user} ok`].toSorted(),
      );
      wire.socket.destroy();
    });

    test("pipelining: when the client leaves, those behind are aborted as well, each once", async () => {
      const wire = await Wire.open(host.port);
      wire.get("/hold", "/ok", "/users/1");
      await until("the first is held", () => script.entered === 1);
      wire.socket.destroy();
      const all = await samples(3);
      expect(all.map(({ outcome }) => outcome)).toEqual(["aborted", "aborted", "aborted"]);
      expect(all.map(({ route }) => route).toSorted()).toEqual(["/hold", "/ok", fixture.templates.user].toSorted());
      script.release();
      await ask(host.port, { path: "/moved" });
      expect(await samples(4)).toHaveLength(4);
    });

    test("pipelining: one whose turn has come when the client leaves is aborted once", async () => {
      const wire = await Wire.open(host.port);
      wire.get("/hold", "/hold");
      await until("both are held", () => script.entered === 2);
      script.releaseFirst();
      await until("the first is answered", () => wire.answers() === 1);
      wire.socket.destroy();
      expect((await samples(2)).map(({ outcome }) => outcome)).toEqual(["ok", "aborted"]);
      script.release();
      await ask(host.port, { path: "/ok" });
      expect(await samples(3)).toHaveLength(3);
    });

    test.each(["end", "destroy", "resetAndDestroy"] as const)(
      "the client leaves before the answer (%s)",
      async (leave) => {
        const wire = await Wire.open(host.port);
        wire.get("/hold");
        await until("it is held", () => script.entered === 1);
        wire.socket[leave]();
        const [sample] = await samples(1);
        expect(sample).toMatchObject({ route: "/hold", outcome: "aborted" });
        script.release();
        await ask(host.port, { path: "/ok" });
        expect((await samples(2)).map(({ route }) => route)).toEqual(["/hold", "/ok"]);
      },
    );

    test("the client leaves in the midst of the answer", async () => {
      const wire = await Wire.open(host.port);
      wire.get("/half");
      await until("the first half is there", () => wire.text.includes("first"));
      wire.socket.destroy();
      expect((await samples(1))[0]).toMatchObject({ route: "/half", outcome: "aborted" });
      script.release();
      await ask(host.port, { path: "/ok" });
      expect(await samples(2)).toHaveLength(2);
    });

    test("the client leaves in the midst of its own body", async () => {
      const wire = await Wire.open(host.port);
      wire.socket.write(
        "POST /echo HTTP/1.1\r\nHost: test\r\nContent-Type: text/plain\r\nContent-Length: 10\r\n\r\nabc",
      );
      await until("it has begun", () => host.server.connections !== 0 && wire.socket.bytesWritten > 0);
      wire.get();
      wire.socket.end();
      const [sample] = await samples(1);
      expect(sample).toMatchObject({ method: "POST", route: "/echo" });
      expect(["aborted", "client_error"]).toContain(sample?.outcome);
    });

    test("a response that breaks off by itself is the server's error, not the client's leaving", async () => {
      const wire = await Wire.open(host.port);
      wire.get("/breaks");
      await until("it is cut", () => wire.closed);
      expect((await samples(1))[0]).toMatchObject({ route: "/breaks", outcome: "server_error" });
      expect(client.samples).toHaveLength(1);
    });

    test("a server's timeout cuts the request: a server error, once", async () => {
      const mine = recordingClient(fixture.userOf);
      const impatient = await start([mine]);
      impatient.server.setTimeout(60);
      const wire = await Wire.open(impatient.port);
      wire.get("/hold");
      await until("it is cut", () => wire.closed);
      expect(await samples(1, mine)).toMatchObject([{ route: "/hold", outcome: "server_error" }]);
    });

    test("a body that comes too slowly is the client's error, once", async () => {
      const mine = recordingClient(fixture.userOf);
      const options = { requestTimeout: 60, headersTimeout: 60, connectionsCheckingInterval: 20 };
      const impatient = await start([mine], options);
      const wire = await Wire.open(impatient.port);
      wire.socket.write(
        "POST /echo HTTP/1.1\r\nHost: test\r\nContent-Type: text/plain\r\nContent-Length: 10\r\n\r\nabc",
      );
      await until("it is cut", () => wire.closed);
      expect(await samples(1, mine)).toMatchObject([{ route: "/echo", outcome: "client_error" }]);
    });

    test("two clients in one process each count, and one that is mounted twice counts once", async () => {
      const [one, two] = [recordingClient(fixture.userOf), recordingClient(fixture.userOf)];
      const both = await start([one, two, one]);
      await ask(both.port, { path: "/users/5", headers: { "x-user": "eve" } });
      const wanted = [{ route: fixture.templates.user, outcome: "ok", user: "eve" }];
      expect(await samples(1, one)).toMatchObject(wanted);
      expect(await samples(1, two)).toMatchObject(wanted);
      expect([one.samples.length, two.samples.length]).toEqual([1, 1]);
    });

    const boom = (): never => {
      throw new Error("on purpose");
    };
    const rejected = (): UserId => Promise.reject(new Error("on purpose")) as unknown as UserId;
    const odd = (): UserId => ({ id: 1 }) as unknown as UserId;
    test.each([
      ["throws", boom],
      ["gives a promise that rejects", rejected],
      ["gives an object", odd],
    ])("user() that %s leaves the request alone and its sample without a user", async (_, userOf) => {
      const mine = recordingClient(userOf);
      const own = await start([mine]);
      expect(await ask(own.port, { path: "/ok" })).toMatchObject({ status: 200, body: "ok" });
      expect(await samples(1, mine)).toMatchObject([{ route: "/ok", outcome: "ok", user: undefined }]);
      expect(mine.errors).toHaveLength(1);
    });

    test("a client that throws breaks nothing", async () => {
      const mine = { ...recordingClient(fixture.userOf), record: boom };
      const own = await start([mine]);
      expect(await ask(own.port, { path: "/ok" })).toMatchObject({ status: 200, body: "ok" });
      await until("it was told", () => mine.errors.length === 1);
    });

    test("a client that is not enabled is told nothing", async () => {
      const mine = { ...recordingClient(fixture.userOf), enabled: false };
      const own = await start([mine, client]);
      expect(await ask(own.port, { path: "/ok" })).toMatchObject({ status: 200, body: "ok" });
      await samples(1);
      expect(mine.samples).toEqual([]);
    });

    test("cluster workers: each counts what it answered, together all", async () => {
      const perWorker = await clusterSamples(fixture.name, 40);
      expect(perWorker.length).toBe(2);
      expect(perWorker.flat().map(({ route }) => route)).toEqual(
        Array.from({ length: 40 }, () => fixture.templates.user),
      );
      expect(perWorker.every((of) => of.length > 0)).toBe(true);
    });
  });
}
