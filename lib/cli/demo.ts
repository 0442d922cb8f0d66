import { config } from "../config.ts";
import { runDemo } from "../demo/run.ts";
import { log } from "../log.ts";
import { runChild } from "./child-life.ts";

await runChild("demo", async (go) => {
  await go;
  const { publicUrl, apiKey, databaseUrl } = config();
  if (apiKey === undefined || databaseUrl === undefined) throw new Error("the demo is started by `npm run demo`");
  const demo = await runDemo({ url: publicUrl, apiKey, databaseUrl });
  log("demo").info(`the demo shop listens on ${demo.url}`);
  return demo;
});
