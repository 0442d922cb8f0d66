import { setImmediate as turn, setTimeout as pause } from "node:timers/promises";

/** Polls until the condition gives something truthy; fails with `what` after `limitMs`. */
export async function until<T>(
  what: string,
  condition: () => T | Promise<T>,
  limitMs = 15_000,
): Promise<NonNullable<T>> {
  const end = performance.now() + limitMs;
  for (let wait = 1; ; wait = Math.min(wait * 2, 50)) {
    const value = await condition();
    if (value) return value as NonNullable<T>;
    if (performance.now() > end) throw new Error(`waited ${limitMs} ms in vain until ${what}`);
    await (wait === 1 ? turn() : pause(wait));
  }
}
