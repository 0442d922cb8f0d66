import type { Strategy } from "../../../loading/index.ts";
import { outside } from "../context.ts";
import type { RunningTrial } from "./running-trial.ts";
import { isComparable, isSameAnswer } from "./same-answer.ts";

/** Asks for the answer once more, by a strategy: apart from any request, and from extensions of the app. */
export type AskAgain = (strategy: Strategy) => Promise<unknown>;

let underWay = false;

/**
 * After a share of the calls, both strategies are asked once more, when the response is on its way, and their answers compared: one at a
 * time in a process. Never throws, and nobody waits for it.
 */
export function checkSometimes(running: RunningTrial, args: object, ask: AskAgain | undefined, chance: number): void {
  if (chance >= running.trial.check || underWay) return;
  if (ask === undefined || !isComparable(args)) {
    running.checked("skipped");
    return;
  }
  underWay = true;
  outside(() => setImmediate(() => void compareAnswers(running, args, ask)).unref());
}

async function compareAnswers(running: RunningTrial, args: object, ask: AskAgain): Promise<void> {
  try {
    const same = (await isSame(args, ask)) || (await isSame(args, ask));
    running.checked(same ? "same" : "different");
  } catch {
    // A database that is away says nothing of answers; the app hears of it from its own calls.
    running.checked("skipped");
  } finally {
    underWay = false;
  }
}

async function isSame(args: object, ask: AskAgain): Promise<boolean> {
  const joined = await ask("join");
  return isSameAnswer(joined, await ask("query"), args);
}
