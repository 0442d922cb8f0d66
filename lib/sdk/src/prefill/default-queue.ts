import { queueUrl } from "../environment.ts";
import { bullmqQueue } from "./queue-bullmq.ts";
import { inProcessQueue } from "./queue-in-process.ts";
import type { FillQueue } from "./queue-type.ts";

/** BullMQ where the environment says, else within the process. */
export function defaultQueue(report: (error: unknown) => void): FillQueue {
  const url = queueUrl();
  return url === undefined ? inProcessQueue() : bullmqQueue({ url, onError: report });
}
