import { startWorker } from "../jobs/run.ts";
import { closeDb } from "../store/db.ts";
import { runChild } from "./child-life.ts";

await runChild("worker", async (go) => {
  await go;
  const worker = await startWorker();
  return { stop: () => worker.stop().then(closeDb) };
});
