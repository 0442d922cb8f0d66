import { pathText, regexpText, type Path } from "./path-text.ts";

export interface Route {
  path: Path;
}

/** What Express 4 (`regexp`, `keys`) and 5 (`match`, since router 2.3 `rawPath`) keep of one `use` or route. */
export interface Layer {
  route?: Route;
  handle?: unknown;
  rawPath?: Path;
  regexp?: RegExp & { fast_slash?: boolean; fast_star?: boolean };
  keys?: readonly { name: string | number }[];
  match?(path: string): unknown;
  path?: string;
  params?: Record<string, unknown>;
}

/** What path-to-regexp 0.1 (Express 4) makes of a mount path; the group is the path with its parameters replaced. */
const MOUNT_4 = /^\^(.*?)(?:\\\/)?\\\/\?\(\?=\\\/\|\$\)$/;
const BETWEEN_MOUNTS_4 = /(?<=\(\?=\\\/\|\$\))\|(?=\^)/;
/** A parameter: slash, expression (`plain` when it had none of its own), optional; or else a `*`. */
const PARAMETER_4 =
  /\(\?:(?<slash>\\\/)?\((?:(?<plain>\[\^\\?\/\]\+\?|\(\?:\(\?!.*?\)\.\)\+\?)|(?<own>[^()]+))\)\)(?<optional>\?)?|\(\.\*\)/g;

/** The text of the path that a router or a function is mounted at, `""` at the root. `taken` is what a request matched. */
export function mountText(layer: Layer, taken: string): string {
  const raw = layer.rawPath;
  if (raw !== undefined) return typeof raw === "string" && raw.endsWith("/") ? raw.slice(0, -1) : pathText(raw);
  if (layer.regexp === undefined) return probedText(layer, taken);
  if (layer.regexp.fast_slash) return "";
  return text4(layer.regexp, layer.keys ?? []);
}

function text4(regexp: RegExp, keys: readonly { name: string | number }[]): string {
  let at = 0;
  const parameter = (...found: unknown[]): string => {
    const key = keys[at++];
    const { slash = "", plain, own, optional = "" } = found.at(-1) as Partial<Record<string, string>>;
    if (plain === undefined && own === undefined) return "*";
    return `${slash && "/"}:${key?.name}${own === undefined ? "" : `(${own})`}${optional}`;
  };
  const texts = regexp.source.split(BETWEEN_MOUNTS_4).map((part) => {
    const text = MOUNT_4.exec(part)?.[1]?.replaceAll(PARAMETER_4, parameter);
    return text?.replaceAll(/\\([/.])/g, "$1");
  });
  if (at !== keys.length || texts.includes(undefined)) return regexpText(regexp);
  return pathText(texts as string[]);
}

/** Router before 2.3 does not keep the path: a segment that may as well be something else is a parameter. */
function probedText(layer: Layer, taken: string): string {
  const segments = taken.split("/");
  const named = segments.map((segment, index) => {
    if (segment === "") return segment;
    const match = layer.match?.(segments.with(index, PROBE).join("/"));
    const params = match === true ? layer.params : (match as Layer | undefined)?.params;
    const name = Object.keys(params ?? {}).find((key) => String(params?.[key]).includes(PROBE));
    return match && name !== undefined ? `:${name}` : segment;
  });
  return named.join("/");
}

const PROBE = "0tailfill0";

/** How much of `path` a mount takes, or -1 when it does not take it. */
export function mountTakes(layer: Layer, path: string): number {
  if (layer.regexp !== undefined) return layer.regexp.fast_slash ? 0 : (layer.regexp.exec(path)?.[0].length ?? -1);
  const match = layer.match?.(path);
  if (!match) return -1;
  // Before router 2.3 `match` answers true and leaves path and params on the layer; nothing reads them there later.
  const taken = match === true ? layer.path : (match as Layer).path;
  return taken?.length ?? -1;
}
