import { TailfillError } from "../../errors.ts";
import { OTHER_ENDPOINT, OTHER_METHOD } from "../../wire/index.ts";

/** An endpoint's name. */
export interface EndpointName {
  method: string;
  route: string;
}

/** A route that was named: `/users/:id/comments`, `/static/*`. */
interface Pattern {
  route: string;
  segments: readonly string[];
  /** The last segment is `*`: whatever follows matches. */
  isOpen: boolean;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const LONGEST_SEGMENT = 64;
/** A line may hold a segment of a megabyte: it is not looked at more closely. */
const LONGEST_LOOKED_AT = 256;

/** What stands for a segment that names a thing and not a kind of things; `null`: it stays as it is. Order matters. */
const KINDS: readonly [RegExp, string][] = [
  [/^[+-]?\d+$/, ":id"],
  [UUID, ":uuid"],
  [/^\d{4}-\d{2}-\d{2}$/, ":date"],
  [/^[^@]+@[^@]+\.[^@]+$/, ":email"],
  [/^(?=.*\d)[0-9a-f]{8,}$/i, ":hex"],
  [/^[0-9A-HJKMNP-TV-Z]{26}$/, ":ulid"],
  [/^(?=.*\d)(?=.*[A-Za-z])[\w~=-]{20,}$/, ":token"],
  [/^[A-Za-z]{1,8}[_-]\d+$|^[A-Za-z]{1,3}\d{3,}$/, ":id"],
];
/** Of files that builds name after their contents: `app.3f2a9c1b.js`, `main-BxT4kQ2z.css`. */
const HASHED_FILE =
  /^(.+?)[.-](?=[\w-]*\d)[\w-]{8,}(\.(?:js|mjs|css|map|png|jpe?g|gif|svg|webp|avif|ico|woff2?|ttf))+$/;

/**
 * Names the endpoints of paths: by the routes that were named, the first that matches; by what their segments look like else. Methods and
 * routes beyond a cap become one endpoint, so that a log of raw paths cannot flood a service.
 */
export class RouteNames {
  private readonly patterns: readonly Pattern[];
  /** Known names by method and path, so that a path is looked at once. */
  private readonly known = new Map<string, EndpointName>();
  private readonly names = new Set<string>();
  /** Requests that became `(other)`. */
  capped = 0;

  /** @throws TailfillError `bad_setting` for a route that is none */
  constructor(
    routes: readonly string[],
    private readonly most: number,
  ) {
    this.patterns = routes.map(patternOf);
  }

  of(method: string, path: string): EndpointName {
    const key = `${method} ${path}`;
    const found = this.known.get(key) ?? this.remember(key, this.nameOf(method, path));
    if (found.route === OTHER_ENDPOINT) this.capped++;
    return found;
  }

  private nameOf(method: string, path: string): EndpointName {
    const route = this.patterns.find((pattern) => matches(pattern, path))?.route ?? templateOf(path);
    const name = `${method} ${route}`;
    if (!this.names.has(name) && this.names.size >= this.most) return { method: OTHER_METHOD, route: OTHER_ENDPOINT };
    this.names.add(name);
    return { method, route };
  }

  /** Paths are many: what is forgotten is looked at anew. */
  private remember(key: string, name: EndpointName): EndpointName {
    if (this.known.size >= MOST_KNOWN) this.known.clear();
    this.known.set(key, name);
    return name;
  }
}

const MOST_KNOWN = 20_000;

function patternOf(route: string): Pattern {
  if (!/^\/\S*$/.test(route))
    throw new TailfillError("bad_setting", `--route: ${route} is no route, as /users/:id/comments.`);
  const segments = route.split("/").slice(1);
  const isOpen = segments.at(-1) === "*";
  return { route, segments: isOpen ? segments.slice(0, -1) : segments, isOpen };
}

function matches({ segments, isOpen }: Pattern, path: string): boolean {
  const own = path.split("/").slice(1);
  if (isOpen ? own.length <= segments.length : own.length !== segments.length) return false;
  return segments.every((segment, at) => (segment.startsWith(":") ? own[at] !== "" : segment === own[at]));
}

/** A path with its ids taken out: `/users/42/comments` → `/users/:id/comments`. */
export function templateOf(path: string): string {
  const segments = path
    .replaceAll(/\/{2,}/g, "/")
    .split("/")
    .slice(1);
  if (segments.length > 1 && segments.at(-1) === "") segments.pop(); // a slash at the end makes no other endpoint
  return `/${segments.map(segmentOf).join("/")}`;
}

function segmentOf(segment: string): string {
  if (segment === "") return "";
  if (segment.length > LONGEST_LOOKED_AT) return ":text";
  const plain = decoded(segment);
  const kind = KINDS.find(([looks]) => looks.test(plain));
  if (kind !== undefined) return kind[1];
  const file = HASHED_FILE.exec(plain);
  if (file !== null) return `${file[1]}.:hash${file[2]}`;
  return segment.length > LONGEST_SEGMENT ? ":text" : segment;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
