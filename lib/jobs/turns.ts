import type { QueueEnds } from "./queue.ts";
import type { Job } from "./table.ts";

type Queue = QueueEnds["queue"];

/** A turn that is further ahead than the job's period, and this, was given by a clock that has been set back since. */
const AHEAD_MS = 60_000;

/** Sets every job's schedule, and removes those of jobs that exist no more. */
export async function setTurns(queue: Queue, jobs: readonly Job[], nowMs: number): Promise<void> {
  await removeFarTurns(queue, jobs, nowMs);
  for (const job of jobs) await setTurn(queue, job);
  for (const { key } of await queue.getJobSchedulers())
    if (!jobs.some(({ name }) => name === key)) await queue.removeJobScheduler(key);
}

/** Gives jobs another turn whose next one is too far ahead. Otherwise nothing would run until the clock is where it was. */
export async function mendTurns(queue: Queue, jobs: readonly Job[], nowMs: number): Promise<void> {
  for (const job of await removeFarTurns(queue, jobs, nowMs)) await setTurn(queue, job);
}

const setTurn = (queue: Queue, { name, everySeconds }: Job): Promise<unknown> =>
  queue.upsertJobScheduler(name, { every: everySeconds * 1000 }, { name });

async function removeFarTurns(queue: Queue, jobs: readonly Job[], nowMs: number): Promise<Job[]> {
  const next = new Map((await queue.getJobSchedulers()).map((turn) => [turn.key, turn.next ?? 0]));
  const far = jobs.filter((job) => (next.get(job.name) ?? 0) - nowMs > job.everySeconds * 1000 + AHEAD_MS);
  for (const { name } of far) await queue.removeJobScheduler(name);
  return far;
}
