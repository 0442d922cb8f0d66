import { mountTakes, mountText, type Layer, type Route } from "./express-layers.ts";
import { pathText, type Path } from "./path-text.ts";

/** What is read of an Express request. `route` is the one that was reached last, in whatever router. */
export interface RoutedRequest {
  route?: Route;
  app?: App;
  baseUrl?: string;
  originalUrl?: string;
  res?: { statusCode: number };
}

/** An Express application: version 4 has `_router`, version 5 `router` (which throws in 4). */
interface App {
  parent?: App;
  mountpath?: Path;
  _router?: Router;
  router?: Router;
}

interface Router {
  stack?: readonly Layer[];
}

/** One of the ways to reach a route: the mounts from the application down. */
type Place = readonly Layer[];

/**
 * Where a route keeps what was learnt of it: a router that is mounted once has one text for each route, others must look
 * at the request. On the route itself, since a WeakMap costs several times as much, and this is asked for every request.
 */
const KNOWN = Symbol("tailfill known");

interface KnownRoute extends Route {
  [KNOWN]?: string | readonly Place[];
}

/** Apps that were found inside of an app: its stack does not show them. */
const inner = new WeakMap<App, Set<App>>();

/** Routes that were not found, and how many inner apps were known then: one that is behind a function may stay so. */
const hidden = new WeakMap<Route, number>();
const NOWHERE: readonly Place[] = [];

/**
 * The template of the route that took a request, with everything it is mounted at: `/users/:user/posts/:id`. It comes
 * from the registered paths and not from `req.baseUrl`, which holds the client's own values, and is empty again when an
 * error has left the router. Undefined when no route was reached.
 */
export function templateOf(req: RoutedRequest): string | undefined {
  const route: KnownRoute | undefined = req.route;
  if (route === undefined) return mountOf(req);
  const cached = route[KNOWN] ?? learn(route, req);
  return typeof cached === "string" ? cached : choose(cached, route, req);
}

function learn(route: KnownRoute, req: RoutedRequest): string | readonly Place[] {
  const apps = appsOf(req.app);
  if (hidden.get(route) === apps.length) return NOWHERE;
  const places = apps.flatMap((app) => placesOf(route, app));
  if (places.length === 0) {
    hidden.set(route, apps.length);
    return NOWHERE;
  }
  const [only] = places;
  const learnt = only && places.length === 1 ? join(textOf(only, pathOf(req)), route) : places;
  route[KNOWN] = learnt;
  return learnt;
}

/** The outermost app, and those inside of it that were met so far. */
function appsOf(app: App | undefined): readonly App[] {
  const root = rootOf(app);
  if (root === undefined || app === undefined) return [];
  const apps = inner.get(root) ?? new Set([root]);
  inner.set(root, apps);
  for (let each = app; each.parent !== undefined; each = each.parent) apps.add(each);
  return [...apps];
}

function rootOf(app: App | undefined): App | undefined {
  let root = app;
  while (root?.parent !== undefined) root = root.parent;
  return root;
}

function choose(places: readonly Place[], route: Route, req: RoutedRequest): string {
  const path = pathOf(req);
  const place = places.find((mounts) => takes(mounts, path)) ?? places[0];
  // A route that no router of the app shows is behind a function, or in an app inside of it.
  return join(place === undefined ? (hiddenMount(req)?.text ?? "") : textOf(place, path), route);
}

/** For a request that a mounted function answered, as in `app.use("/graphql", handler)`: `/graphql/*`. */
function mountOf(req: RoutedRequest): string | undefined {
  if (!req.baseUrl || req.res?.statusCode === 404) return undefined;
  const mount = hiddenMount(req);
  return mount?.taken === req.baseUrl.length ? `${mount.text}/*` : undefined;
}

/** All the ways to a route that an app's own stack shows, from the outermost app. */
function placesOf(route: Route, app: App): Place[] {
  return [...chains(stackOf(app), route)].map((mounts) => [...mountsOf(app), ...mounts]);
}

/** The mounts of an app inside of apps. */
function mountsOf(app: App): Layer[] {
  if (app.parent === undefined) return [];
  const path = app.mountpath ?? "/";
  const text = mountText({ rawPath: path }, "");
  const layer = stackOf(app.parent).find((each) => nameOf(each) === "mounted_app" && mountText(each, "") === text);
  return [...mountsOf(app.parent), layer ?? { rawPath: path }];
}

function* chains(stack: readonly Layer[], route: Route, above: Place = []): Generator<Place> {
  for (const layer of stack) {
    if (layer.route === route) yield above;
    else if (!above.includes(layer)) yield* chains(stackIn(layer), route, [...above, layer]);
  }
}

interface Mount {
  text: string;
  /** How many characters of the path it took. */
  taken: number;
}

/** The mount that took most of the path, or exactly `req.baseUrl`. */
function hiddenMount(req: RoutedRequest): Mount | undefined {
  const app = rootOf(req.app);
  const mounts = app === undefined ? [] : [...mountsTaking(stackOf(app), pathOf(req))];
  const exact = mounts.find((mount) => mount.taken === req.baseUrl?.length && mount.taken > 0);
  return exact ?? mounts.toSorted((a, b) => b.taken - a.taken)[0];
}

function* mountsTaking(stack: readonly Layer[], path: string, above: Mount = { text: "", taken: 0 }): Generator<Mount> {
  for (const layer of stack) {
    const length = layer.route === undefined ? mountTakes(layer, path.slice(above.taken) || "/") : -1;
    if (length < 0) continue;
    const taken = above.taken + length;
    const mount = { text: above.text + mountText(layer, path.slice(above.taken, taken)), taken };
    const inside = stackIn(layer);
    if (inside.length > 0) yield* mountsTaking(inside, path, mount);
    else yield mount;
  }
}

function takes(mounts: Place, path: string): boolean {
  let rest = path;
  return mounts.every((layer) => {
    const length = mountTakes(layer, rest);
    rest = rest.slice(Math.max(length, 0)) || "/";
    return length >= 0;
  });
}

function textOf(mounts: Place, path: string): string {
  let rest = path;
  const texts = mounts.map((layer) => {
    const length = Math.max(mountTakes(layer, rest), 0);
    const text = mountText(layer, rest.slice(0, length));
    rest = rest.slice(length) || "/";
    return text;
  });
  return texts.join("");
}

function join(prefix: string, route: Route): string {
  const text = pathText(route.path);
  return prefix !== "" && text === "/" ? prefix : prefix + text;
}

function stackOf(app: App): readonly Layer[] {
  return (app._router ?? app.router)?.stack ?? [];
}

function stackIn(layer: Layer): readonly Layer[] {
  return (layer.handle as Router | undefined)?.stack ?? [];
}

function nameOf(layer: Layer): string | undefined {
  return (layer.handle as { name?: string } | undefined)?.name;
}

function pathOf(req: RoutedRequest): string {
  const url = req.originalUrl ?? "/";
  const end = url.search(/[?#]/);
  return end < 0 ? url : url.slice(0, end);
}
