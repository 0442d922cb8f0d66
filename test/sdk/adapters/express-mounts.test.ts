import express5, { type Express, type Router } from "express";
import express4 from "express4";
import type { RequestListener } from "node:http";
import { describe, expect, test } from "vitest";
import { tailfill } from "@/lib/sdk/src/adapters/express";
import { mountTakes, mountText, type Layer } from "@/lib/sdk/src/adapters/express-layers";
import { recordingClient, type RecordingClient } from "./recording-client";
import { routesOf as routesOfListener } from "./routes-of";

type Express45 = { (): Express; Router(options?: { mergeParams: boolean }): Router };

const routesOf = (app: Express, paths: string[]): Promise<string[]> =>
  routesOfListener(app as RequestListener, app.get("client") as RecordingClient, paths);

describe.each<[string, Express45]>([
  ["express 4", express4],
  ["express 5", express5],
])("%s", (_name, express) => {
  function newApp(): Express {
    const app = express();
    const client = recordingClient();
    return app.set("client", client).use(tailfill(client));
  }
  const answer = (_req: unknown, res: { send(body: string): unknown }): void => void res.send("ok");
  const fail = (): never => {
    throw new Error("on purpose");
  };

  test("parameters in mount paths keep their names, with and without an error", async () => {
    const [app, users, posts] = [newApp(), express.Router(), express.Router({ mergeParams: true })];
    posts.get("/:post", answer).get("/:post/broken", fail).get("/", answer);
    users.use("/:user/posts", posts);
    app.use("/users", users);
    const paths = ["/users/1/posts/2", "/users/3/posts/4/broken", "/users/5/posts", "/users/6/posts/"];
    expect(await routesOf(app, paths)).toEqual([
      "/users/:user/posts/:post",
      "/users/:user/posts/:post/broken server_error",
      "/users/:user/posts",
      "/users/:user/posts",
    ]);
  });

  test("a router that is mounted twice has two endpoints, also when it fails", async () => {
    const [app, router] = [newApp(), express.Router()];
    router.get("/:id", answer).get("/:id/broken", fail);
    app.use("/cats", router).use("/shops/:shop/dogs", router);
    const paths = ["/cats/1", "/shops/9/dogs/1", "/cats/1/broken", "/shops/9/dogs/1/broken"];
    const dogs = "/shops/:shop/dogs/:id";
    expect(await routesOf(app, paths)).toEqual([
      "/cats/:id",
      dogs,
      "/cats/:id/broken server_error",
      `${dogs}/broken server_error`,
    ]);
  });

  test("the client's spelling does not make endpoints", async () => {
    const [app, router] = [newApp(), express.Router()];
    app.use("/Api", router.get("/Things/:id", answer));
    expect(await routesOf(app, ["/api/things/1", "/API/THINGS/2", "/Api/Things/3/"])).toEqual(
      Array.from({ length: 3 }, () => "/Api/Things/:id"),
    );
  });

  test("apps inside of apps", async () => {
    const [app, admin, reports] = [newApp(), express(), express()];
    const router = express.Router();
    reports.get("/:year", answer).use("/by/:kind", router.get("/:id", answer).get("/:id/broken", fail));
    admin.get("/broken/:id", fail).use("/reports/:team", reports);
    app.use("/admin", admin);
    const paths = [
      "/admin/broken/1",
      "/admin/reports/red/2026",
      "/admin/reports/red/by/kind/1",
      "/admin/reports/red/by/kind/1/broken",
    ];
    expect(await routesOf(app, paths)).toEqual([
      "/admin/broken/:id server_error",
      "/admin/reports/:team/:year",
      "/admin/reports/:team/by/:kind/:id",
      "/admin/reports/:team/by/:kind/:id/broken server_error",
    ]);
  });

  test("a function at a mount path is an endpoint of that path; what nobody answers is not", async () => {
    const app = newApp();
    app.use("/graphql", answer);
    app.use("/tenants/:tenant/files", answer);
    app.use("/passes", (_req, _res, next) => next());
    const paths = ["/graphql", "/graphql/x/y", "/tenants/7/files/a.txt", "/passes/1"];
    const tenants = "/tenants/:tenant/files/*";
    expect(await routesOf(app, paths)).toEqual(["/graphql/*", "/graphql/*", tenants, "(unmatched) client_error"]);
  });

  test("a router behind a function is found by the path of its mount", async () => {
    const [app, router] = [newApp(), express.Router()];
    router.get("/:id", answer);
    app.use("/users/:user/hidden", (req, res, next) => router(req, res, next));
    expect(await routesOf(app, ["/users/1/hidden/2", "/users/3/hidden/4"])).toEqual(
      Array.from({ length: 2 }, () => "/users/:user/hidden/:id"),
    );
  });

  test("expressions and lists of paths have one text", async () => {
    const [app, router] = [newApp(), express.Router()];
    router.get(["/one", "/two/:id"], answer);
    app.use(/^\/v\d+/, router);
    app.get(/^\/fly\/.*$/i, answer);
    const text = "/^/v\\d+/";
    expect(await routesOf(app, ["/v1/one", "/v22/two/3", "/fly/x"])).toEqual([
      `${text}(/one|/two/:id)`,
      `${text}(/one|/two/:id)`,
      "/^/fly/.*$/i",
    ]);
  });

  test("a sign-in that refuses before any route is reached is not a route", async () => {
    const app = newApp();
    app.use((_req, res) => void res.status(401).send("who?"));
    app.get("/users/:id", answer);
    expect(await routesOf(app, ["/users/1"])).toEqual(["(unmatched) client_error"]);
  });

  test("a route that passes on leaves the request to the next one", async () => {
    const [app, router] = [newApp(), express.Router()];
    router.get("/:id", (_req, _res, next) => next());
    app.use("/maybe", router);
    app.get("/maybe/special", answer);
    expect(await routesOf(app, ["/maybe/special"])).toEqual(["/maybe/special"]);
  });

  test("an app that rewrites req.url is counted under the route that answered", async () => {
    const app = newApp();
    app.use((req, _res, next) => {
      req.url = req.url.replace(/^\/v1/, "");
      next();
    });
    const router = express.Router();
    app.use("/things", router.get("/:id", answer));
    expect(await routesOf(app, ["/v1/things/5"])).toEqual(["/things/:id"]);
  });

  test("mounted in a router only, it counts what passes there, with the whole path", async () => {
    const [app, router] = [express(), express.Router()];
    const client = recordingClient();
    app.set("client", client);
    router.use(tailfill(client)).get("/:id", answer);
    app.use("/only/:here", router);
    expect(await routesOf(app, ["/only/1/2"])).toEqual(["/only/:here/:id"]);
  });
});

describe("a layer of Express 5.0 and 5.1, which keeps neither path nor expression", () => {
  test("is probed for which segments are parameters", () => {
    const layer = oldLayer(/^\/users\/(?<user>[^/]+)\/users(?=\/|$)/);
    expect(mountTakes(layer, "/users/users/users/1")).toBe("/users/users/users".length);
    expect(mountTakes(layer, "/shops/1")).toBe(-1);
    expect(mountText(layer, "/users/users/users")).toBe("/users/:user/users");
    expect(mountText(layer, "/users/7/users")).toBe("/users/:user/users");
  });

  test("is the root when it takes nothing", () => {
    expect(mountText(oldLayer(/^(?=\/|$)/), "")).toBe("");
  });
});

/** Answers as router 2.0 to 2.2 do: true, with path and parameters left on the layer. */
function oldLayer(pattern: RegExp): Layer {
  const layer: Layer = {
    match(path) {
      const found = pattern.exec(path);
      if (found !== null) Object.assign(layer, { path: found[0], params: { ...found.groups } });
      return found !== null;
    },
  };
  return layer;
}
