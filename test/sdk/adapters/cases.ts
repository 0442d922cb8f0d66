import type { Ask } from "./http";

/** The templates of the routes that every test app has, as its framework writes them. */
export interface Templates {
  user: string;
  thing: string;
  nestedFailure: string;
  member: string;
  digits: string;
  wildcard: string;
}

export interface Case {
  name: string;
  ask: Ask;
  status: number;
  body?: string;
  sample: { route: string; method?: string; outcome: string; user?: string };
}

/** One request each, and the one sample it makes. */
export function cases(routes: Templates): Case[] {
  return [
    { name: "a 200", ask: { path: "/ok" }, status: 200, body: "ok", sample: { route: "/ok", outcome: "ok" } },
    { name: "a query is no route", ask: { path: "/ok?x=1" }, status: 200, sample: { route: "/ok", outcome: "ok" } },
    { name: "a 302", ask: { path: "/moved" }, status: 302, sample: { route: "/moved", outcome: "ok" } },
    { name: "a 418", ask: { path: "/teapot" }, status: 418, sample: { route: "/teapot", outcome: "client_error" } },
    {
      name: "a handler's own 404",
      ask: { path: "/gone" },
      status: 404,
      sample: { route: "/gone", outcome: "client_error" },
    },
    { name: "a 503", ask: { path: "/busy" }, status: 503, sample: { route: "/busy", outcome: "server_error" } },
    {
      name: "a thrown error",
      ask: { path: "/throw" },
      status: 500,
      sample: { route: "/throw", outcome: "server_error" },
    },
    {
      name: "an async error",
      ask: { path: "/reject" },
      status: 500,
      sample: { route: "/reject", outcome: "server_error" },
    },
    {
      name: "an error thrown in a mounted router",
      ask: { path: "/api/broken/7" },
      status: 500,
      sample: { route: routes.nestedFailure, outcome: "server_error" },
    },
    {
      name: "a POST with a body",
      ask: { method: "POST", path: "/echo", body: "x".repeat(100_000), headers: { "content-type": "text/plain" } },
      status: 201,
      body: "100000",
      sample: { method: "POST", route: "/echo", outcome: "ok" },
    },
    {
      name: "a stream",
      ask: { path: "/stream" },
      status: 200,
      body: "one,two,three",
      sample: { route: "/stream", outcome: "ok" },
    },
    {
      name: "HEAD",
      ask: { method: "HEAD", path: "/ok" },
      status: 200,
      body: "",
      sample: { method: "HEAD", route: "/ok", outcome: "ok" },
    },
    {
      name: "a parameter",
      ask: { path: "/users/42" },
      status: 200,
      body: "42",
      sample: { route: routes.user, outcome: "ok" },
    },
    {
      name: "an encoded parameter",
      ask: { path: "/users/a%2Fb" },
      status: 200,
      body: "a/b",
      sample: { route: routes.user, outcome: "ok" },
    },
    {
      name: "a mounted router",
      ask: { path: "/api/things/7" },
      status: 200,
      body: "7",
      sample: { route: routes.thing, outcome: "ok" },
    },
    {
      name: "a router nested below parameters",
      ask: { path: "/api/orgs/acme/members/9" },
      status: 200,
      body: "9",
      sample: { route: routes.member, outcome: "ok" },
    },
    {
      name: "a route with an expression",
      ask: { path: "/digits/123" },
      status: 200,
      body: "123",
      sample: { route: routes.digits, outcome: "ok" },
    },
    {
      name: "a wildcard",
      ask: { path: "/files/a/b/c.txt" },
      status: 200,
      sample: { route: routes.wildcard, outcome: "ok" },
    },
    {
      name: "an unmatched path",
      ask: { path: "/wp-admin.php" },
      status: 404,
      sample: { route: "(unmatched)", outcome: "client_error" },
    },
    {
      name: "an unmatched path in a mounted router",
      ask: { path: "/api/none/1" },
      status: 404,
      sample: { route: "(unmatched)", outcome: "client_error" },
    },
    {
      name: "an odd method",
      ask: { method: "PROPFIND", path: "/nowhere" },
      status: 404,
      sample: { method: "(other)", route: "(unmatched)", outcome: "client_error" },
    },
    {
      name: "a user that only a later middleware knows",
      ask: { path: "/ok", headers: { "x-user": "ada" } },
      status: 200,
      sample: { route: "/ok", outcome: "ok", user: "ada" },
    },
    {
      name: "a user whose handler throws",
      ask: { path: "/throw", headers: { "x-user": "ada" } },
      status: 500,
      sample: { route: "/throw", outcome: "server_error", user: "ada" },
    },
    {
      name: "an Expect header",
      ask: {
        method: "POST",
        path: "/echo",
        body: "hello",
        headers: { expect: "100-continue", "content-type": "text/plain" },
      },
      status: 201,
      body: "5",
      sample: { method: "POST", route: "/echo", outcome: "ok" },
    },
    {
      name: "an Upgrade that nobody takes up",
      ask: { path: "/ok", headers: { connection: "Upgrade", upgrade: "websocket" } },
      status: 200,
      sample: { route: "/ok", outcome: "ok" },
    },
  ];
}
