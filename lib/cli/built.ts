import { join } from "node:path";
import { repositoryRoot } from "../store/repository-root.ts";

/** Where the build puts the file of a process. */
export function built(name: string): string {
  return join(repositoryRoot(), "dist", `${name}.js`);
}
