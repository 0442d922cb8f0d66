import type { Client } from "./client-type.ts";

interface Registry {
  /** Running clients by what makes two of them the same. */
  clients: Map<string, Client>;
  /** What was said already, to say it once. */
  said: Set<string>;
}

/** `Symbol.for`, so that an ESM and a CommonJS copy of this package in one process share one client. */
const REGISTRY = Symbol.for("@tailfill/sdk registry 1");

const holder = globalThis as typeof globalThis & { [REGISTRY]?: Registry };

export function registry(): Registry {
  return (holder[REGISTRY] ??= { clients: new Map(), said: new Set() });
}

/** Says something to the person who runs the app, once in a process for each code, as a Node warning on stderr. */
export function warnOnce(code: string, message: string): void {
  const { said } = registry();
  if (said.has(code)) return;
  said.add(code);
  process.emitWarning(`tailfill: ${message}`, { type: "TailfillWarning", code: `TAILFILL_${code.toUpperCase()}` });
}
