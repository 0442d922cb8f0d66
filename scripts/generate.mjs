// Generates the Prisma clients, the server's and the demo shop's. Works without internet. `--if-stale` leaves those whose schema has not changed.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runNode } from "./run-step.mjs";
import { hashOf, isFresh, root } from "./sources.mjs";

const CLIENTS = [
  { schema: "prisma/schema.prisma", folder: "lib/store/generated" },
  { schema: "lib/demo/shop.prisma", folder: "lib/demo/generated" },
];

for (const { schema, folder } of CLIENTS) {
  const stamp = `${folder}/built-from`;
  const hash = hashOf([schema, "prisma.config.ts", "node_modules/prisma/package.json"]);
  if (process.argv.includes("--if-stale") && isFresh(stamp, hash, [`${folder}/client.ts`])) continue;
  const { code, output } = await runNode(["node_modules/prisma/build/index.js", "generate", "--schema", schema]);
  if (code !== 0) {
    console.error(output);
    process.exit(code);
  }
  writeFileSync(join(root, stamp), hash);
}
