import { type ErrorCode, TailfillError } from "../errors.ts";
import { type ChildPlan, startChild } from "./child.ts";

/** What a child that answers once sends over the channel. */
export type ChildAnswer<T> = { value: T } | { error: { code: ErrorCode; message: string } };

/**
 * Runs a child to its one answer. It is killed when the signal comes.
 * @returns undefined when it ended without an answer
 */
export async function askChild<T>(plan: ChildPlan, signal?: AbortSignal): Promise<ChildAnswer<T> | undefined> {
  const child = startChild(plan);
  const kill = (): boolean => child.kill();
  if (signal?.aborted) kill();
  signal?.addEventListener("abort", kill);
  const answer = await new Promise<ChildAnswer<T> | undefined>((done) => {
    child.once("message", (message) => done(message as ChildAnswer<T>));
    child.once("exit", () => done(undefined));
  });
  signal?.removeEventListener("abort", kill);
  return answer;
}

/**
 * What a child answered.
 * @throws TailfillError what it failed with; `internal` when it ended without an answer
 */
export function valueOf<T>(answer: ChildAnswer<T> | undefined, does: string): T {
  if (answer === undefined) throw new TailfillError("internal", `The process that ${does} ended early.`);
  if ("error" in answer) throw new TailfillError(answer.error.code, answer.error.message);
  return answer.value;
}
