// Generates the Prisma client. Works without internet. `--if-stale` does nothing when the schema has not changed.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runNode } from "./run-step.mjs";
import { hashOf, isFresh, root } from "./sources.mjs";

const STAMP = "lib/store/generated/built-from";
const hash = hashOf(["prisma/schema.prisma", "prisma.config.ts", "node_modules/prisma/package.json"]);

if (!process.argv.includes("--if-stale") || !isFresh(STAMP, hash, ["lib/store/generated/client.ts"])) {
  const { code, output } = await runNode(["node_modules/prisma/build/index.js", "generate"]);
  if (code !== 0) {
    console.error(output);
    process.exit(code);
  }
  writeFileSync(join(root, STAMP), hash);
}
