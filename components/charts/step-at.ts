/** The step of a series that holds a moment; steps are in order and equally wide. */
export function stepAt<T>(
  steps: readonly T[],
  startOf: (step: T) => number,
  { atMs, stepMs }: { atMs: number; stepMs: number },
): T | undefined {
  const first = steps[0];
  if (first === undefined) return undefined;
  const index = Math.floor((atMs - startOf(first)) / stepMs);
  return steps[Math.min(steps.length - 1, Math.max(0, index))];
}
