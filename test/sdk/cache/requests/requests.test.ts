import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { followRequests } from "@/lib/sdk/src/context";
import type { CachedDefinition, DefinitionVisit } from "@/lib/sdk/src/cache/definition-type";
import { memoryStore } from "@/lib/sdk/src/cache/default-store";
import type { CacheStore } from "@/lib/sdk/src/cache/store";
import { until } from "@/test/support/until";
import { ask, serve, Wire, type Host } from "../../adapters/http";
import { recordingClient, type RecordingClient } from "../../adapters/recording-client";
import { define, order, visitsTo } from "../defined";
import { apps, type App } from "./apps";

describe.each(Object.entries(apps) as [string, App][])("a visit within a request of %s", (_name, app) => {
  let client: RecordingClient;
  let definition: CachedDefinition<{ for: string }>;
  let visits: DefinitionVisit[];
  let host: Host;
  let store: CacheStore;
  const hold = new Map<string, () => void>();
  const undo: (() => unknown)[] = [];

  beforeEach(async () => {
    followRequests();
    client = recordingClient(app.userOf);
    store = memoryStore();
    const load = async (user: string): Promise<{ for: string }> => {
      if (user.startsWith("slow")) await new Promise<void>((go) => void hold.set(user, go));
      if (user.startsWith("broken")) throw new Error("broken on purpose");
      return { for: user };
    };
    definition = define({ load }, { store });
    const watched = visitsTo(definition);
    visits = watched.visits;
    const visited = (user: string) => (user.startsWith("writer") ? definition.invalidate(user) : definition.get(user));
    host = await serve(await app.build(client, visited));
    undo.push(watched.stop, () => host.close());
  });
  afterEach(async () => {
    for (const each of undo.splice(0)) await each();
    hold.clear();
  });

  const visit = (user: string, by = user) => ask(host.port, { path: `/visit?user=${user}`, headers: { "x-user": by } });
  const of = (...methods: string[]) => client.samples.filter(({ method }) => methods.includes(method));
  /** Requests and the visits that they told of; what loads took is recorded besides. */
  const seen = () => of("GET", "POST", "(cache)");
  /** The same in short. */
  const recorded = () =>
    seen().map(({ method, route, outcome, user, part }) =>
      [method, route.replace(definition.name, "D"), outcome, user, part].join(" "),
    );

  it("is told and counted when the request has ended, with its latency", async () => {
    await visit("ada", "cyd");
    await until("two samples", () => seen().length === 2);
    await visit("ada", "cyd");
    await until("four samples", () => seen().length === 4);
    expect(recorded()).toEqual([
      "GET /visit ok cyd miss",
      "(cache) D ok ada miss",
      "GET /visit ok cyd hit",
      "(cache) D ok ada hit",
    ]);
    expect(visits.map(({ user, cache }) => [user, cache])).toEqual([
      ["ada", "miss"],
      ["ada", "hit"],
    ]);
    expect(visits.map(({ latencyUs }) => latencyUs)).toEqual([0, 2].map((at) => seen()[at]!.latencyUs));
    expect(seen()[1]!.latencyUs).toBe(seen()[0]!.latencyUs);
    expect(of("(load)", "(bytes)").map(({ method, user, latencyUs }) => [method, user, latencyUs > 0])).toEqual([
      ["(load)", "ada", true],
      ["(bytes)", "ada", true],
    ]);
    expect(client.errors).toEqual([]);
  });

  it("that writes tells whose value it invalidated, and is no visit", async () => {
    await visit("writer");
    await until("the request", () => seen().length === 1);
    expect(recorded()).toEqual(["GET /visit ok writer "]);
    expect(of("(write)").map(({ route, user, latencyUs }) => [route, user, latencyUs])).toEqual([
      [definition.name, "writer", 0],
    ]);
  });

  it("is known as part of it after the body has been read", async () => {
    const users = ["ada", "bob", "cyd"];
    const post = (user: string) => {
      const body = JSON.stringify({ user });
      const headers = { "content-type": "application/json", "x-user": user, "content-length": String(body.length) };
      return ask(host.port, { method: "POST", path: "/visit", body, headers });
    };
    expect((await Promise.all(users.map(post))).map(({ status }) => status)).toEqual([200, 200, 200]);
    await until("six samples", () => seen().length === 6);
    expect(recorded().toSorted()).toEqual(
      users.flatMap((user) => [`(cache) D ok ${user} miss`, `POST /visit ok ${user} miss`]).toSorted(),
    );
  });

  it("is not mixed up with others at once, on many connections or pipelined on one", async () => {
    const users = Array.from({ length: 20 }, (_, at) => `slow${at}`);
    const wire = await Wire.open(host.port);
    const asked = users
      .slice(10)
      .map((user) => `GET /visit?user=${user} HTTP/1.1\r\nHost: test\r\nx-user: ${user}\r\n\r\n`);
    wire.socket.write(asked.join(""));
    const others = users.slice(0, 10).map((user) => visit(user));
    await until("all load", () => hold.size === 20);
    for (const user of [...users].reverse()) hold.get(user)!();
    await Promise.all(others);
    await until("all are counted", () => seen().length === 40);
    wire.socket.destroy();
    // A request is counted just before its visits, with the same latency.
    for (const at of users.keys()) {
      const [request, cache] = seen().slice(at * 2, at * 2 + 2);
      expect(request).toMatchObject({ method: "GET", route: "/visit", part: "miss" });
      expect(cache).toMatchObject({ method: "(cache)", latencyUs: request!.latencyUs, part: "miss" });
      expect(cache!.user).toBe(request!.user);
    }
    expect(visits.map(({ user }) => user).toSorted()).toEqual(users.toSorted());
  });

  it("on a connection that is kept alive belongs to its own request", async () => {
    const wire = await Wire.open(host.port);
    for (const [at, user] of ["ada", "ada", "bob"].entries()) {
      wire.get(`/visit?user=${user}`);
      await until("it is answered and counted", () => wire.answers() > at && seen().length === 2 * at + 2);
    }
    wire.socket.destroy();
    expect(recorded().filter((_, at) => at % 2 === 1)).toEqual([
      "(cache) D ok ada miss",
      "(cache) D ok ada hit",
      "(cache) D ok bob miss",
    ]);
  });

  it("counts with the time until the client left", async () => {
    const wire = await Wire.open(host.port);
    wire.get("/visit?user=slow-leaver");
    await until("it loads", () => hold.size === 1);
    wire.socket.destroy();
    await until("it is counted", () => seen().length === 2);
    expect(recorded()).toEqual(["GET /visit aborted  miss", "(cache) D ok slow-leaver miss"]);
    expect(visits).toMatchObject([{ user: "slow-leaver", cache: "miss" }]);
    hold.get("slow-leaver")!();
    await until("it is stored", async () => !(await definition.isCold("slow-leaver")));
    expect(seen()).toHaveLength(2);
    expect(visits).toHaveLength(1);
  });

  it("that joins a fill tells the decision; one that fails is a miss", async () => {
    const filled = definition.fill("slow-fill", order("d1"));
    await until("it loads", () => hold.size === 1);
    const joined = visit("slow-fill");
    await until("it waits", () =>
      [...store.flights.values()].some((flight) => (flight as { joined?: number }).joined === 1),
    );
    hold.get("slow-fill")!();
    await Promise.all([filled, joined]);
    await until("it is counted", () => seen().length === 2);
    expect((await visit("broken")).status).toBe(500);
    await until("it is counted", () => seen().length === 4);
    expect(recorded()).toEqual([
      "GET /visit ok slow-fill miss",
      "(cache) D ok slow-fill miss",
      "GET /visit server_error broken miss",
      "(cache) D ok broken miss",
    ]);
    expect(visits.map(({ cache, decision }) => [cache, decision])).toEqual([
      ["joined", "d1"],
      ["miss", undefined],
    ]);
  });
});
