import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import express, { type Express, type Request, type Response } from "express";
import { seeded } from "./samples.ts";

const ENDPOINTS = 200;
const USERS = 10_000;
const PICKS = 1 << 14;

export type Middleware = (req: Request, res: Response, next: () => void) => unknown;

interface Pick {
  user: { id: string };
  route: unknown;
  url: string;
}

/** Express requests without a network: its own request and response classes, a middleware, then a route's answer. */
export class InProcess {
  readonly app: Express = express();
  readonly #picks: Pick[];
  readonly #socket = new Socket();
  readonly #Req;
  readonly #Res;

  constructor() {
    for (let at = 0; at < ENDPOINTS; at++) this.app.get(`/shop/${at}/items/:id`, () => undefined);
    const { stack } = this.app.router as unknown as { stack: { route: unknown }[] };
    const routes = stack.flatMap(({ route }) => (route ? [route] : []));
    const users = Array.from({ length: USERS }, (_, at) => ({ id: `user-${at}` }));
    const random = seeded(3);
    // A user keeps to one endpoint: 10,000 series, as many as an instance keeps.
    this.#picks = Array.from({ length: PICKS }, () => {
      const user = Math.floor(random() * USERS);
      const at = user % ENDPOINTS;
      return { user: users[user]!, route: routes[at], url: `/shop/${at}/items/7` };
    });
    const { Req, Res } = classesOf(this.app);
    this.#Req = Req;
    this.#Res = Res;
  }

  /** Nanoseconds of CPU per request of so many requests. */
  run(middleware: Middleware, requests: number): number {
    const before = process.cpuUsage();
    for (let at = 0; at < requests; at++) this.#request(middleware, this.#picks[at & (PICKS - 1)]!);
    const { user, system } = process.cpuUsage(before);
    return ((user + system) * 1000) / requests;
  }

  #request(middleware: Middleware, pick: Pick): void {
    const req = new this.#Req(this.#socket, pick.url);
    const res = new this.#Res(req);
    const { app } = this;
    const { route, user } = pick;
    middleware(req as unknown as Request, res as unknown as Response, () => {
      req.app = app;
      req.route = route;
      req.user = user;
      req.apitallyConsumer = user.id;
      res.setHeader("content-length", "2");
      res.end();
    });
  }
}

/** What Express makes of Node's classes, with their prototypes set once and not for every request. */
function classesOf(app: Express) {
  class Req extends IncomingMessage {
    override method = "GET";
    override headers = { host: "localhost" };
    override url: string;
    originalUrl: string;
    baseUrl = "";
    app: unknown = undefined;
    route: unknown = undefined;
    user: unknown = undefined;
    res: unknown = undefined;
    apitallyConsumer: string | undefined = undefined;
    constructor(socket: Socket, url: string) {
      super(socket);
      this.url = this.originalUrl = url;
    }
  }
  class Res extends ServerResponse {
    locals = {};
    constructor(req: Req) {
      super(req);
      req.res = this;
      Object.assign(this, { socket: req.socket });
    }
    override end(): this {
      return end(this);
    }
  }
  Object.setPrototypeOf(Req.prototype, app.request);
  Object.setPrototypeOf(Res.prototype, app.response);
  return { Req, Res };
}

/** What node:http does at the end of a response, as far as a middleware can see it. */
function end<Res extends ServerResponse>(res: Res): Res {
  const state = res as unknown as { finished: boolean; _closed: boolean; destroyed: boolean };
  state.finished = true;
  state._closed = true;
  state.destroyed = true;
  res.emit("prefinish");
  res.emit("finish");
  res.emit("close");
  return res;
}
