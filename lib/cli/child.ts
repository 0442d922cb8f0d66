import { type ChildProcess, fork } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { log } from "../log.ts";
import { GO, RUNNING, WAIT } from "./child-life.ts";

/** One of our own processes. */
export interface ChildPlan {
  name: string;
  /** The file to run, and Node's own flags (they bound its memory). */
  file: string;
  args?: string[];
  nodeFlags: string[];
  env: NodeJS.ProcessEnv;
  /** Until this has settled the child only loads its code (see child-life.ts). */
  ready?: Promise<unknown>;
  /** Called each time a child has begun its work. */
  begun?: () => void;
}

export interface Child {
  readonly pid: number | undefined;
  /** Ends it and starts it anew, without a back-off. */
  restart(): void;
  /** Asks it to finish; after the limit it is killed. It is not started again. */
  stop(limitMs: number): Promise<void>;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
/** A child that lived this long was well: the next pause is the first again. */
const WELL_AFTER_MS = 30_000;

/** The pause before another start, after so many short lives in a row. */
export function backOffMs(shortLives: number): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** Math.max(0, shortLives - 1), LONGEST_PAUSE_MS);
}

/** Starts a process and keeps it running: one that ends is started again, with longer and longer pauses. */
export function superviseChild(plan: ChildPlan): Child {
  const asked = new AbortController();
  let current: ChildProcess | undefined;
  let wanted = false; // an end that was asked for needs no pause
  const over = keep();

  async function keep(): Promise<void> {
    for (let shortLives = 0; !asked.signal.aborted;) {
      const startMs = performance.now();
      const how = await live();
      if (asked.signal.aborted) return;
      shortLives = wanted || performance.now() - startMs > WELL_AFTER_MS ? 0 : shortLives + 1;
      const waitMs = shortLives === 0 ? 0 : backOffMs(shortLives);
      if (!wanted) log("start").warn(`${plan.name} ended (${how}); starting it again in ${waitMs} ms`);
      wanted = false;
      await pause(waitMs, undefined, { signal: asked.signal }).catch(() => undefined);
    }
  }

  function live(): Promise<string> {
    const child = startChild(plan);
    current = child;
    return new Promise((done) => {
      child.once("error", (error) => done(error.message));
      child.once("exit", (code, signal) => done(signal ?? `exit code ${code}`));
    });
  }

  return {
    get pid() {
      return current?.pid;
    },
    restart() {
      wanted = true;
      if (current) askToStop(current);
    },
    async stop(limitMs) {
      asked.abort();
      if (current) askToStop(current);
      const late = setTimeout(() => current?.kill("SIGKILL"), limitMs);
      await over;
      clearTimeout(late);
    },
  };
}

/** Starts a child with a channel: the channel's end tells the child that we are gone, however we went. */
export function startChild(plan: ChildPlan): ChildProcess {
  const args = [...(plan.args ?? []), ...(plan.ready ? [WAIT] : [])];
  const child = fork(plan.file, args, {
    env: plan.env,
    execArgv: plan.nodeFlags,
    stdio: ["ignore", 2, 2, "ipc"], // stdout belongs to the lines that `start` prints for people and scripts
  });
  child.on("message", (message) => message === RUNNING && plan.begun?.());
  void plan.ready?.then(
    () => child.connected && child.send(GO),
    () => undefined, // then `start` fails, and stops the child
  );
  return child;
}

/** Windows has no SIGTERM; a closed channel means the same there. */
function askToStop(child: ChildProcess): void {
  if (process.platform !== "win32") child.kill("SIGTERM");
  else if (child.connected) child.disconnect();
}
