/** A path as it was given to `app.use` or `app.get`. */
export type Path = string | RegExp | readonly Path[];

/** A readable and stable text of a path; what was registered, never what a client asked for. */
export function pathText(path: Path): string {
  if (typeof path === "string") return path;
  if (path instanceof RegExp) return regexpText(path);
  return path.length === 1 ? pathText(path[0] as Path) : `(${path.map(pathText).join("|")})`;
}

/** `/^\/files\/(\d+)$/` → `/^/files/(\d+)$/`. */
export function regexpText(pattern: RegExp): string {
  return String(pattern).replaceAll("\\/", "/");
}
