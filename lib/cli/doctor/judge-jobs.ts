import type { RedisFacts } from "../../jobs/redis-facts.ts";
import type { JobStatus } from "../../query/answers.ts";
import { fail, type Finding, ok, orOk, timeText, warn } from "./finding.ts";

export interface JobFacts {
  statuses: JobStatus[];
  /** Batches that wait to be folded, and for how long the oldest has. */
  waiting: { count: number; oldestSeconds: number };
  /** Whether a tailfill has its job queue open. */
  isRunning: boolean;
  hasQueue: boolean;
  /** `null`: the queue is in PostgreSQL. */
  redis: RedisFacts | null;
}

export interface TellingFacts {
  /** Receivers that were switched off by themselves, or fail. */
  receivers: { name: string; offReason: string | null; failingSeconds: number | null }[];
  receiverCount: number;
  /** The mail server: whether it takes connections; `null` when none is set. */
  mail: { address: string; why: string | null } | null;
}

const LONG_WAIT_SECONDS = 60;
const LEAST_REDIS = [6, 2];

export function judgeJobs({ statuses, waiting, isRunning, hasQueue, redis }: JobFacts): Finding[] {
  const queue = redis === null ? judgeQueue(hasQueue, isRunning) : judgeRedis(redis);
  if (!isRunning)
    return [
      warn("jobs", `No tailfill runs here: ${waiting.count} batches wait.`, "Start tailfill when it is to work."),
      ...queue,
    ];
  return [...judgeRuns(statuses), judgeWaiting(waiting), ...queue];
}

function judgeRuns(statuses: readonly JobStatus[]): Finding[] {
  const late = statuses
    .filter(({ healthy }) => !healthy)
    .map(({ job, lagSeconds, error }) => {
      const since = lagSeconds === null ? "has not run well yet" : `is ${timeText(lagSeconds)} late`;
      return fail("jobs", `${job} ${since}${error === null ? "" : `: ${error}`}.`, "Look for it in tailfill's log.");
    });
  const failing = statuses
    .filter(({ healthy, error }) => healthy && error !== null)
    .map(({ job, error }) =>
      warn("jobs", `The last run of ${job} failed: ${error}.`, "Look for it in tailfill's log."),
    );
  return orOk([...late, ...failing], "jobs", `${statuses.length} run on time.`);
}

function judgeWaiting({ count, oldestSeconds }: JobFacts["waiting"]): Finding {
  if (count === 0 || oldestSeconds < LONG_WAIT_SECONDS) return ok("batches", `${count} wait to be folded.`);
  return warn(
    "batches",
    `${count} wait to be folded, the oldest for ${timeText(oldestSeconds)}.`,
    "Look at the job `fold`, and whether the machine has more to do than it can.",
  );
}

function judgeQueue(hasQueue: boolean, isRunning: boolean): Finding[] {
  if (hasQueue || !isRunning) return [];
  return [fail("job queue", "Its tables are missing.", "Start tailfill again: it makes them.")];
}

function judgeRedis(redis: RedisFacts): Finding[] {
  if (!redis.reachable)
    return [fail("job queue", `Redis cannot be reached: ${redis.why}.`, "Start Redis, or correct REDIS_URL.")];
  const found: Finding[] = [];
  const [major = 0, minor = 0] = redis.version.split(".").map(Number);
  if (major < LEAST_REDIS[0]! || (major === LEAST_REDIS[0] && minor < LEAST_REDIS[1]!))
    found.push(
      fail("job queue", `Redis ${redis.version} is too old.`, `Upgrade it to ${LEAST_REDIS.join(".")} or newer.`),
    );
  if (redis.evictionPolicy !== "noeviction")
    found.push(
      fail(
        "job queue",
        `Redis may throw jobs away (maxmemory-policy ${redis.evictionPolicy}).`,
        "Set maxmemory-policy to noeviction.",
      ),
    );
  return orOk(
    found,
    "job queue",
    `Redis ${redis.version} keeps what it is given${redis.isSavedToDisk ? "" : " in memory"}.`,
  );
}

/** Receivers are judged by their last deliveries: to ask one would be to send something. */
export function judgeTelling({ receivers, receiverCount, mail }: TellingFacts): Finding[] {
  const found = receivers.map(({ name, offReason, failingSeconds }) => {
    const says =
      offReason === null ? `fails for ${timeText(failingSeconds ?? 0)}` : `was switched off by itself (${offReason})`;
    return warn("receivers", `${name} ${says}.`, "Look at its deliveries (Alerts, Deliveries), and send a test.");
  });
  return [...orOk(found, "receivers", `None of ${receiverCount} fails.`), ...judgeMail(mail)];
}

function judgeMail(mail: TellingFacts["mail"]): Finding[] {
  if (mail === null) return [];
  if (mail.why === null) return [ok("mail server", `${mail.address} takes connections.`)];
  return [
    fail(
      "mail server",
      `${mail.address} cannot be reached: ${mail.why}.`,
      "Correct TAILFILL_SMTP_URL, or start the server.",
    ),
  ];
}
