import { describe, expect, test } from "vitest";
import { RouteNames, templateOf } from "@/lib/cli/import/route-names";

describe("what a path becomes by itself", () => {
  test.each([
    ["/", "/"],
    ["/users/42/comments", "/users/:id/comments"],
    ["/users/42/comments/", "/users/:id/comments"],
    ["//users///42", "/users/:id"],
    ["/orders/7f6e1d1c-9a3b-4c8e-8f2d-0a1b2c3d4e5f", "/orders/:uuid"],
    ["/orders/7F6E1D1C-9A3B-4C8E-8F2D-0A1B2C3D4E5F/lines/3", "/orders/:uuid/lines/:id"],
    ["/commits/9fceb02d0ae598e95dc970b74767f19372d61af8", "/commits/:hex"],
    ["/commits/9fceb02d", "/commits/:hex"],
    ["/reports/2026-11-22", "/reports/:date"],
    ["/by-mail/anna%40example.com", "/by-mail/:email"],
    ["/things/01ARZ3NDEKTSV4RRFFQ69G5FAV", "/things/:ulid"],
    ["/s/dQw4w9WgXcQ1dQw4w9WgXcQ1", "/s/:token"],
    ["/u/u_1842", "/u/:id"],
    ["/c/cus123456", "/c/:id"],
    ["/api/v2/users", "/api/v2/users"],
    ["/api/v12/users", "/api/v12/users"],
    ["/about-us", "/about-us"],
    ["/feed", "/feed"],
    ["/facade", "/facade"],
    ["/deadbeef", "/deadbeef"],
    ["/assets/app.3f2a9c1b.js", "/assets/app.:hash.js"],
    ["/assets/main-BxT4kQ2z.css", "/assets/main.:hash.css"],
    ["/assets/logo.svg", "/assets/logo.svg"],
    ["/%zz/42", "/%zz/:id"],
    [`/${"x".repeat(100)}`, "/:text"],
  ])("%s", (path, route) => expect(templateOf(path)).toBe(route));
});

describe("routes that are named", () => {
  const names = new RouteNames(["/users/me", "/users/:user", "/static/*", "/:page"], 100);
  test.each([
    ["/users/me", "/users/me"],
    ["/users/anna", "/users/:user"],
    ["/users/", "/users"],
    ["/static/a/b/c.css", "/static/*"],
    ["/static", "/:page"],
    ["/contact", "/:page"],
    ["/users/anna/7", "/users/anna/:id"],
  ])("%s", (path, route) => expect(names.of("GET", path)).toEqual({ method: "GET", route }));

  test.each(["users", "", "/a b"])("%s is none", (route) =>
    expect(() => new RouteNames([route], 9)).toThrow("no route"),
  );
});

test("routes beyond the cap become one, and those of before stay", () => {
  const names = new RouteNames([], 3);
  for (const path of ["/a", "/b", "/c"]) expect(names.of("GET", path).route).toBe(path);
  expect(names.of("GET", "/d")).toEqual({ method: "*", route: "(other)" });
  expect(names.of("POST", "/a")).toEqual({ method: "*", route: "(other)" });
  expect(names.of("GET", "/d").route).toBe("(other)");
  expect(names.of("GET", "/b").route).toBe("/b");
  expect(names.capped).toBe(3);
});
