// What a build is made from, as one hash: contents and not times, since a checkout or a copy changes times.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

const MADE = new Set(["node_modules", "dist", "generated", ".next"]);

function* filesOf(path) {
  if (!existsSync(path)) return;
  if (!statSync(path).isDirectory()) return yield path;
  for (const entry of readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1)))
    if (!MADE.has(entry.name)) yield* filesOf(join(path, entry.name));
}

/** SHA-256 over the names and contents of files and folders (relative to the root). Missing ones count as empty. */
export function hashOf(paths) {
  const hash = createHash("sha256");
  for (const path of paths)
    for (const file of filesOf(join(root, path))) hash.update(`${relative(root, file)}\0`).update(readFileSync(file));
  return hash.digest("hex");
}

/** Whether a stamp file holds this hash and everything made is there. */
export function isFresh(stamp, hash, made) {
  const path = join(root, stamp);
  return existsSync(path) && readFileSync(path, "utf8") === hash && made.every((file) => existsSync(join(root, file)));
}
