import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { countOf } from "@/lib/histogram/index";
import { until } from "@/test/support/until";
import { sink } from "../packed/server";
import { cases } from "./cases";
import { ask, Wire } from "./http";
import { NextApp, type NextServer } from "./next-server";

const templates = {
  user: "/users/[id]",
  thing: "/api/things/[id]",
  nestedFailure: "/api/broken/[id]",
  member: "/api/orgs/[org]/members/[id]",
  digits: "/digits/[number]",
  wildcard: "/files/[...path]",
};

/** What the adapter promises on a version of Next, built and started as people do it. */
export function nextSuite(next: string): void {
  describe(next, () => {
    let app: NextApp;
    let server: NextServer;
    let bare: NextServer;
    const started: NextServer[] = [];

    beforeAll(async () => {
      app = await NextApp.build(next);
      [server, bare] = await Promise.all([app.start(), app.start({ TEST_BARE: "1" })]);
      started.push(server, bare);
    }, 420_000);
    afterAll(async () => {
      await Promise.all(started.map((each) => each.stop()));
      await app?.remove();
    });

    const gate = async (act: string, of = server): Promise<number> => {
      const { body } = await ask(of.port, { path: `/gate/${act}` });
      await of.samples(1);
      return Number(body);
    };
    const held = (): Promise<unknown> => until("it is held", async () => (await gate("waiting")) > 0);

    // Next answers an Upgrade by itself, before any route.
    test.each(cases(templates).filter(({ ask: { headers } }) => headers?.upgrade === undefined))(
      "$name: counted once, and answered as without us",
      async (each) => {
        const answer = await ask(server.port, each.ask);
        const samples = await server.samples(1);
        expect(samples).toEqual([
          {
            method: each.sample.method ?? each.ask.method ?? "GET",
            route: each.sample.route,
            outcome: each.sample.outcome,
            ...(each.sample.user === undefined ? {} : { user: each.sample.user }),
            latencyUs: expect.any(Number),
          },
        ]);
        if (each.body !== undefined) expect(answer.body).toBe(each.body);
        const plain = await ask(bare.port, each.ask);
        const { date: _, etag: _e, "content-length": _l, ...headers } = answer.headers;
        const { date: __, etag: __e, "content-length": __l, ...plainHeaders } = plain.headers;
        expect([answer.status, headers]).toEqual([plain.status, plainHeaders]);
      },
    );

    test.each([
      ["a page", "/profiles/ada", 200, "/profiles/[id]", "ok"],
      ["the home page", "/", 200, "/", "ok"],
      ["a page that is not found", "/profiles/nobody", 404, "/profiles/[id]", "client_error"],
      ["a page that throws", "/profiles/broken", 500, "/profiles/[id]", "server_error"],
      ["a page made at build", "/static-posts/one", 200, "/static-posts/[slug]", "ok"],
      ["a page made on demand", "/static-posts/three", 200, "/static-posts/[slug]", "ok"],
      ["a route in the edge runtime", "/edge/7", 200, "/edge/[id]", "ok"],
    ])("%s counts under its pattern", async (_, path, status, route, outcome) => {
      expect((await ask(server.port, { path })).status).toBe(status);
      expect(await server.samples(1)).toMatchObject([{ method: "GET", route, outcome }]);
    });

    test("assets of the app are not counted", async () => {
      const { body } = await ask(server.port, { path: "/" });
      const asset = /\/_next\/static\/[^"]+\.(?:js|css)/.exec(body)?.[0] ?? "";
      expect((await ask(server.port, { path: asset })).status).toBe(200);
      await ask(server.port, { path: "/ok" });
      expect((await server.samples(2)).map(({ route }) => route)).toEqual(["/", "/ok"]);
    });

    test("a user from a cookie", async () => {
      await ask(server.port, { path: "/profiles/ada", headers: { cookie: 'a=b; user="ada%20l"; c=d' } });
      expect(await server.samples(1)).toMatchObject([{ user: "ada l" }]);
    });

    test("keep-alive and pipelining", async () => {
      const wire = await Wire.open(server.port);
      wire.get("/ok", "/users/1", "/teapot");
      await until("three answers", () => wire.answers() === 3);
      const routes = (await server.samples(3)).map(({ route }) => route);
      expect(routes.toSorted()).toEqual(["/ok", "/teapot", "/users/[id]"]);
      wire.get("/ok");
      await until("it is answered", () => wire.answers() === 4);
      expect(await server.samples(1)).toMatchObject([{ route: "/ok" }]);
      wire.socket.destroy();
    });

    test("the client leaves before the answer", async () => {
      const wire = await Wire.open(server.port);
      wire.get("/hold");
      await held();
      wire.socket.destroy();
      expect(await server.samples(1)).toMatchObject([{ route: "/hold", outcome: "aborted" }]);
      expect(await gate("release")).toBe(1);
    });

    test("the client leaves in the midst of the answer", async () => {
      const wire = await Wire.open(server.port);
      wire.get("/half");
      await until("the first half is there", () => wire.text.includes("first"));
      wire.socket.destroy();
      expect(await server.samples(1)).toMatchObject([{ route: "/half", outcome: "aborted" }]);
      await gate("release");
    });

    test("a response that breaks off by itself is the server's error", async () => {
      const wire = await Wire.open(server.port);
      wire.get("/breaks");
      await until("it is cut", () => wire.closed);
      expect(await server.samples(1)).toMatchObject([{ route: "/breaks", outcome: "server_error" }]);
    });

    test.each(["before", "after"])("tracing that the app sets up %s us works, and so do we", async (when) => {
      const traced = await app.start({ TEST_TRACED: when });
      started.push(traced);
      await ask(traced.port, { path: "/users/5" });
      expect(await traced.samples(1)).toMatchObject([{ route: "/users/[id]", outcome: "ok" }]);
      expect(traced.lines("PROVIDER")).toEqual([true]);
      await until("the app's spans end", () => traced.lines("SPAN").length > 0);
    });

    test("the instrumentation.ts of docs/mounting.md times the very first request, by endpoint and user", async () => {
      const sent = await sink();
      const own = await app.start({ TEST_SNIPPET: "1", TAILFILL_URL: sent.url, TAILFILL_API_KEY: "tf_test" });
      started.push(own);
      await ask(own.port, { path: "/users/42", headers: { cookie: "user=ada" } });
      await ask(own.port, { path: "/send-now" });
      const batch = await until("a batch", () => sent.batches[0]);
      await sent.close();
      expect(batch.endpoints.map(({ method, route }) => `${method} ${route}`)).toEqual(["GET /users/[id]"]);
      const [endpoint] = batch.endpoints;
      expect(countOf(endpoint?.outcomes.ok ?? new Uint8Array())).toBe(1);
      expect(endpoint?.users.map(({ id, latency }) => [id, countOf(latency)])).toEqual([["ada", 1]]);
    });

    test("nothing was reported", () => {
      expect(server.lines("REPORT")).toEqual([]);
    });
  });
}
