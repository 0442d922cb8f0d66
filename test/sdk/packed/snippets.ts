import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "./package";

export interface Snippet {
  kind: string;
  name: string;
  code: string;
}

/** The programs of a document, docs/mounting.md by default, each below a comment that names it. */
export async function snippets(document = "docs/mounting.md"): Promise<Snippet[]> {
  const text = await readFile(join(root, document), "utf8");
  const found = text.matchAll(/<!-- (program|file): (.+?) -->\s+```ts\n([\s\S]*?)```/g);
  return [...found].map(([, kind = "", name = "", code = ""]) => ({ kind, name, code }));
}
