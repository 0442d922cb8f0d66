/** Runs a piece of work to its end, with a turn of the event loop for everybody else between its steps. */
export async function inSlices<Result>(work: Generator<void, Result>): Promise<Result> {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    await new Promise<void>((resume) => void setImmediate(resume));
  }
}
