export { createPrefill } from "./create.ts";
export type { Prefill, PrefillOptions, PrefillStats } from "./prefill-type.ts";
export { bullmqQueue, type BullmqOptions } from "./queue-bullmq.ts";
export { inProcessQueue } from "./queue-in-process.ts";
export type { Added, FillJob, FillLine, FillQueue } from "./queue-type.ts";
export { createFillWorker, type FillWorker, type FillWorkerOptions } from "./fill-worker.ts";
