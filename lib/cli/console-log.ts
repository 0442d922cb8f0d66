import { format, stripVTControlCharacters } from "node:util";
import { log } from "../log.ts";

/** What the page framework says in passing is of use to who looks for a fault only. */
const LEVELS = { log: "debug", info: "debug", debug: "debug", warn: "warn", error: "error" } as const;

/** Makes lines of the log of whatever libraries write to the console of this process: a log is JSON throughout, or no program reads it. */
export function logConsole(part: string): void {
  for (const [method, level] of Object.entries(LEVELS) as [keyof typeof LEVELS, "debug" | "warn" | "error"][])
    console[method] = (...said: unknown[]) => log(part)[level](stripVTControlCharacters(format(...said)).trim());
}
