// npm start, npm run demo, npm run dev: builds if the build is missing or older than the sources, then runs dist/cli.js.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./sources.mjs";

const argv = process.argv.slice(2);
const cli = () => import(`${pathToFileURL(join(root, "dist/cli.js")).href}?${Date.now()}`);
const fail = (error) => {
  console.error(`tailfill: the build failed.\n${error.message}`);
  process.exit(1);
};

const { buildIsFresh, build, watchProcesses } = await import("./build.mjs");
if (argv[0] === "dev") await watchProcesses().catch(fail);
else if (!buildIsFresh()) {
  // An earlier build knows whether a server runs on it; if it cannot even be loaded, none does.
  const earlier = existsSync(join(root, "dist/cli.js")) ? await cli().catch(() => undefined) : undefined;
  const held = (await earlier?.checkNotRunning?.(argv)) ?? 0;
  if (held !== 0) process.exit(held);
  await build().catch(fail);
}
const { main } = await cli();
process.exit(await main(argv));
